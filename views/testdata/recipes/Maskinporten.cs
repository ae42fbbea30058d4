using System.IO;
using System.Security.Cryptography;
using Ks.Fiks.Maskinporten.Client;

var privateKey = RSA.Create();
privateKey.ImportFromPem(File.ReadAllText("private-key.pem"));
var publicKey = RSA.Create(privateKey.ExportParameters(includePrivateParameters: false));

var client = new MaskinportenClient(new MaskinportenClientConfiguration(
    audience: "https://test.maskinporten.no/",
    tokenEndpoint: "https://test.maskinporten.no/token",
    issuer: "0a1b2c3d-1111-2222-3333-444455556666",
    numberOfSecondsLeftBeforeExpire: 10,
    privateKey: privateKey,
    publicKey: publicKey,
    keyIdentifier: "sakssystem-sandbox-20261122-Zk3vQx9T"));

var token = await client.GetAccessToken("altinn:serviceowner altinn:serviceowner/notifications.create");
