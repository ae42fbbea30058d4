CREATE TABLE organisations (
    number   TEXT NOT NULL PRIMARY KEY                      -- nine digits, without prefix
             CHECK (length(number) = 9 AND number NOT GLOB '*[^0-9]*'),
    name     TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)),   -- 1: made up, has the sandbox environment only
    created  INTEGER NOT NULL                               -- when it was put on record
) STRICT;

CREATE TABLE users (
    id      TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26), -- random; what every other table and the events refer to
    issuer  TEXT NOT NULL CHECK (length(issuer) BETWEEN 1 AND 255), -- sign-in provider, or local
    subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 255), -- the provider's name for the person; never a national identity number
    name    TEXT NOT NULL CHECK (length(name) <= 100),      -- for people to read; nowhere else, and not in the events
    role    TEXT NOT NULL CHECK (role IN ('', 'auditor', 'admin')), -- empty: member of organisations and no more
    created INTEGER NOT NULL,
    UNIQUE (issuer, subject)
) STRICT;

CREATE TABLE members (
    seq          INTEGER NOT NULL PRIMARY KEY,              -- order in which they were added
    user         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organisation TEXT NOT NULL REFERENCES organisations (number),
    created      INTEGER NOT NULL,
    UNIQUE (user, organisation)
) STRICT;

CREATE TABLE sign_ins (
    id           TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26), -- random; no secret, unlike the token
    token_hash   BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32), -- SHA-256 of the token in the browser's cookie
    user         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organisation TEXT REFERENCES organisations (number),    -- which one the user represents; NULL: none
    issuer       TEXT NOT NULL CHECK (length(issuer) BETWEEN 1 AND 255),
    sid          TEXT NOT NULL CHECK (length(sid) <= 255),  -- the provider's session id, for its sign-out; may be empty
    auth_time    INTEGER,                                   -- when the provider saw the user
    created      INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,                          -- written at most once a minute
    ended        INTEGER                                    -- NULL while it lasts
) STRICT;

CREATE INDEX sign_ins_user ON sign_ins (user);

CREATE TABLE integrations (
    seq            INTEGER NOT NULL PRIMARY KEY,            -- order in which they were made; lists go by it
    id             TEXT NOT NULL UNIQUE CHECK (length(id) = 26), -- random; stands in addresses
    organisation   TEXT NOT NULL REFERENCES organisations (number), -- the owner
    name           TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    description    TEXT NOT NULL CHECK (length(description) <= 1000),
    purpose        TEXT NOT NULL CHECK (length(purpose) <= 64), -- id of a purpose, or empty
    environment    TEXT NOT NULL CHECK (environment IN ('sandbox', 'test', 'prod')),
    client_id      TEXT CHECK (length(client_id) BETWEEN 1 AND 255 -- Maskinporten's; NULL until a person recorded it
                   AND client_id NOT GLOB '*[^A-Za-z0-9._:-]*'),
    wanted         TEXT NOT NULL CHECK (length(wanted) <= 25600), -- scopes, separated by a space
    recorded       TEXT NOT NULL CHECK (length(recorded) <= 25600), -- scopes that were added in Samarbeidsportalen
    in_use         INTEGER,                                 -- since when, as a person said
    version        INTEGER NOT NULL CHECK (version >= 1),   -- counts changes of description and record
    created        INTEGER NOT NULL,
    created_by     TEXT REFERENCES users (id) ON DELETE SET NULL,
    nonce          TEXT NOT NULL CHECK (length(nonce) BETWEEN 1 AND 100), -- of the form that made it
    -- The rest is derived from this row, keys and proofs, and written with every
    -- change of them, so that a list need not look there.
    state          TEXT NOT NULL CHECK (state IN ('described', 'key-made', 'registered', 'recorded', 'proved', 'in-use')),
    key_expires    INTEGER,                                 -- of the key that was posted last
    key_unknown    INTEGER NOT NULL CHECK (key_unknown IN (0, 1)), -- 1: has a key that was never posted
    proof_started  INTEGER,                                 -- of the newest proof
    proof_outcome  TEXT CHECK (proof_outcome IN ('passed', 'failed')),
    derived_until  INTEGER, key_leaked INTEGER NOT NULL DEFAULT 0 CHECK (key_leaked IN (0, 1)),                                 -- when a key expires and the derived columns are out of date
    UNIQUE (organisation, nonce)                            -- a form that is posted twice makes one integration
) STRICT;

CREATE INDEX integrations_of ON integrations (organisation, seq);

CREATE INDEX integrations_until ON integrations (derived_until);

CREATE TABLE keys (
    seq            INTEGER NOT NULL PRIMARY KEY,            -- order in which they were made
    id             TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
    integration    TEXT NOT NULL REFERENCES integrations (id),
    kid            TEXT NOT NULL CHECK (length(kid) BETWEEN 1 AND 64 AND kid NOT GLOB '*[^A-Za-z0-9._-]*'),
    registered_kid TEXT CHECK (length(registered_kid) BETWEEN 1 AND 255 -- the kid in Samarbeidsportalen; NULL when it is the same
                   AND registered_kid NOT GLOB '*[^A-Za-z0-9._:-]*'),
    thumbprint     TEXT NOT NULL CHECK (length(thumbprint) = 43 -- RFC 7638, base64url
                   AND thumbprint NOT GLOB '*[^A-Za-z0-9_-]*'),
    bits           INTEGER NOT NULL CHECK (bits IN (2048, 3072, 4096)),
    alg            TEXT NOT NULL CHECK (alg IN ('RS256', 'RS384', 'RS512')),
    public_jwk     TEXT NOT NULL,                           -- the public half; the checks below leave no room for more
    custody        TEXT NOT NULL CHECK (custody IN ('server', 'browser', 'elsewhere')), -- where the pair was born
    made           INTEGER NOT NULL,
    named          INTEGER,                                 -- when a later post first carried it
    posted         INTEGER,                                 -- when it was posted in Samarbeidsportalen
    expires        INTEGER,                                 -- a year after it was posted
    dropped        INTEGER, leaked INTEGER, saved INTEGER, saved_how TEXT CHECK (saved_how IN ('signature', 'responsibility')),                                 -- when it was given up
    UNIQUE (integration, thumbprint),
    UNIQUE (integration, id),                               -- for the reference of proofs
    CHECK ((posted IS NULL) = (expires IS NULL)),
    -- No private member: with the public ones taken out, nothing is left. A
    -- member that stands twice is left over too.
    CHECK (json_remove(public_jwk, '$.kty', '$.use', '$.alg', '$.kid', '$.n', '$.e') = '{}'),
    -- No private value under a public name either: the modulus has the length
    -- that fits its bits, and beside it there is room for a few short words.
    CHECK (length(public_jwk ->> '$.n') = CASE bits WHEN 2048 THEN 342 WHEN 3072 THEN 512 ELSE 683 END
           AND length(public_jwk) <= length(public_jwk ->> '$.n') + 200),
    CHECK (public_jwk ->> '$.kty' = 'RSA' AND public_jwk ->> '$.e' = 'AQAB')
) STRICT;

CREATE INDEX keys_unnamed ON keys (made) WHERE named IS NULL AND posted IS NULL AND dropped IS NULL;

CREATE TABLE proofs (
    seq                 INTEGER NOT NULL PRIMARY KEY,       -- order in which they were recorded
    id                  TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 64),
    integration         TEXT NOT NULL REFERENCES integrations (id),
    key                 TEXT NOT NULL,
    made_by             TEXT REFERENCES users (id) ON DELETE SET NULL,
    started             INTEGER NOT NULL,
    took                INTEGER NOT NULL CHECK (took >= 0), -- microseconds
    outcome             TEXT NOT NULL CHECK (outcome IN ('passed', 'failed')),
    failed_stage        TEXT NOT NULL CHECK (length(failed_stage) <= 64), -- empty when it passed
    stages              TEXT NOT NULL CHECK (json_type(stages) = 'array'), -- each with outcome, code, duration, figures
    maskinporten_claims TEXT CHECK (json_type(maskinporten_claims) = 'object'), -- decoded; never the token
    altinn_claims       TEXT CHECK (json_type(altinn_claims) = 'object'),
    answer              TEXT CHECK (json_type(answer) = 'object'), -- the refusal as received, tokens cut out
    nonce               TEXT NOT NULL CHECK (length(nonce) BETWEEN 1 AND 100), options TEXT CHECK (json_type(options) = 'object' AND length(options) <= 30000), part INTEGER NOT NULL DEFAULT 0 CHECK (part IN (0, 1)), client_id TEXT CHECK (length(client_id) BETWEEN 1 AND 255
    AND client_id NOT GLOB '*[^A-Za-z0-9._:-]*'), -- of the form that asked for it
    UNIQUE (integration, nonce),
    FOREIGN KEY (integration, key) REFERENCES keys (integration, id),
    CHECK ((outcome = 'passed') = (failed_stage = '')),
    CHECK (length(stages) + coalesce(length(maskinporten_claims), 0) + coalesce(length(altinn_claims), 0)
           + coalesce(length(answer), 0) <= 400000)
) STRICT;

CREATE INDEX proofs_of ON proofs (integration, seq);

CREATE INDEX proofs_with ON proofs (integration, key, seq);

CREATE TABLE events (
    seq          INTEGER NOT NULL PRIMARY KEY,              -- 1, 2, 3 … without gaps
    prev         TEXT NOT NULL CHECK (length(prev) = 64),   -- hash of the row before; sixty-four zeros in the first
    body         TEXT NOT NULL CHECK (json_type(body) = 'object'), -- canonical JSON: members sorted, no spaces
    hash         TEXT NOT NULL CHECK (length(hash) = 64),
    -- What queries go by, read out of the body.
    at           INTEGER GENERATED ALWAYS AS (body ->> '$.at') VIRTUAL,
    actor        TEXT GENERATED ALWAYS AS (body ->> '$.actor') VIRTUAL, -- user id, never a name; empty: the portal itself
    organisation TEXT GENERATED ALWAYS AS (body ->> '$.organisation') VIRTUAL,
    integration  TEXT GENERATED ALWAYS AS (body ->> '$.integration') VIRTUAL,
    object       TEXT GENERATED ALWAYS AS (body ->> '$.object') VIRTUAL,
    kind         TEXT GENERATED ALWAYS AS (body ->> '$.kind') VIRTUAL
) STRICT;

CREATE INDEX events_of ON events (integration, seq);

CREATE INDEX events_by ON events (actor, kind, integration, object, at);

CREATE TRIGGER events_append BEFORE INSERT ON events
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
  OR NEW.prev IS NOT coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), hex(zeroblob(32)))
BEGIN
    SELECT RAISE(ABORT, 'events are appended at the end only');
END;

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;

CREATE INDEX keys_thumbprint ON keys (thumbprint);

CREATE TABLE sightings (
    seq            INTEGER NOT NULL PRIMARY KEY,            -- order in which they were told; lists go by it
    id             TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
    organisation   TEXT NOT NULL REFERENCES organisations (number), -- of who told it
    integration    TEXT NOT NULL REFERENCES integrations (id), -- whose guide it was
    environment    TEXT NOT NULL CHECK (environment IN ('sandbox', 'test', 'prod')),
    step           TEXT NOT NULL CHECK (length(step) BETWEEN 1 AND 32 AND step NOT GLOB '*[^a-z-]*'), -- of the numbered guide
    saw            TEXT NOT NULL CHECK (length(saw) BETWEEN 1 AND 500), -- in the person's own words
    labels_checked INTEGER NOT NULL,                        -- how old the guide's labels were by then
    made_by        TEXT REFERENCES users (id) ON DELETE SET NULL,
    made           INTEGER NOT NULL,
    settled        INTEGER,                                 -- NULL until an administrator has dealt with it
    settled_by     TEXT REFERENCES users (id) ON DELETE SET NULL,
    nonce          TEXT NOT NULL CHECK (length(nonce) BETWEEN 1 AND 100), -- of the form that told it
    UNIQUE (integration, nonce)                             -- a form that is posted twice tells it once
) STRICT;

CREATE INDEX sightings_open ON sightings (organisation, made) WHERE settled IS NULL;

CREATE TABLE leaks (
    organisation TEXT NOT NULL REFERENCES organisations (number), -- of who pasted it
    thumbprint   TEXT NOT NULL CHECK (length(thumbprint) = 43),   -- RFC 7638, base64url
    seen         INTEGER NOT NULL,                                -- when it was first seen
    PRIMARY KEY (organisation, thumbprint)
) STRICT, WITHOUT ROWID;
