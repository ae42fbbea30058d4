import com.nimbusds.jose.jwk.RSAKey
import java.io.File
import no.nav.pensjonsamhandling.maskinporten.client.MaskinportenClient
import no.nav.pensjonsamhandling.maskinporten.client.MaskinportenConfig

val maskinporten = MaskinportenClient(
    MaskinportenConfig(
        baseUrl = "https://test.maskinporten.no",
        clientId = "0a1b2c3d-1111-2222-3333-444455556666",
        privateKey = RSAKey.parse(File("private-jwk.json").readText()),
        expiresInSeconds = 60,
    ),
)

fun token(): String = maskinporten.getTokenString("altinn:serviceowner altinn:serviceowner/notifications.create")
