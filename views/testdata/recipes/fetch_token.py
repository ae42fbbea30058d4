"""Fetches a Maskinporten token, exchanges it for an Altinn token, and prints that.

The private key is read from a file: python3 fetch_token.py private-key.pem
"""
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import jwt

CLIENT_ID = "0a1b2c3d-1111-2222-3333-444455556666"
KID = "sakssystem-sandbox-20261122-Zk3vQx9T"
SCOPE = "altinn:serviceowner altinn:serviceowner/notifications.create"
AUDIENCE = "https://test.maskinporten.no/"
TOKEN_ENDPOINT = "https://test.maskinporten.no/token"
PLATFORM = "https://platform.tt02.altinn.no"


def text(request):
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refusal:
        sys.exit(f"{refusal.code} {refusal.read().decode()}")


key = Path(sys.argv[1] if len(sys.argv) > 1 else "private-key.pem").read_text()
now = int(time.time())
claims = {"aud": AUDIENCE, "iss": CLIENT_ID, "scope": SCOPE, "iat": now, "exp": now + 60, "jti": str(uuid.uuid4())}
grant = jwt.encode(claims, key, algorithm="RS256", headers={"kid": KID})

form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": grant}
token = json.loads(text(urllib.request.Request(TOKEN_ENDPOINT, urllib.parse.urlencode(form).encode())))["access_token"]
print(text(urllib.request.Request(
    PLATFORM + "/authentication/api/v1/exchange/maskinporten", headers={"Authorization": "Bearer " + token})))
