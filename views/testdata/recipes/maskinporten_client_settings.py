import json
from pathlib import Path

from maskinporten_client.core.Client import MaskinportenClient

client = MaskinportenClient(
    token_url="https://test.maskinporten.no/token",
    audience="https://test.maskinporten.no/",
    issuer="0a1b2c3d-1111-2222-3333-444455556666",
    scopes=["altinn:serviceowner", "altinn:serviceowner/notifications.create"],
    # The organisation that has delegated to yours in Altinn.
    consumer_organization="CONSUMER-ORG",
    private_key_json=json.loads(Path("private-jwk.json").read_text()),
    exp_time_seconds=60,
)
