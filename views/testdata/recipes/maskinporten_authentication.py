from maskinporten_auth import authorize_key_pair
from maskinporten_auth.models import RsaKeyPairDetails, TokenAuthority, TokenRequest

token = authorize_key_pair(TokenRequest(
    app_id="0a1b2c3d-1111-2222-3333-444455556666",
    scopes="altinn:serviceowner altinn:serviceowner/notifications.create",
    authority=TokenAuthority("https://test.maskinporten.no/"),
    identification_details=RsaKeyPairDetails(jwk_kid="sakssystem-sandbox-20261122-Zk3vQx9T", private_key_pem_path="private-key.pem"),
))
