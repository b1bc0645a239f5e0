-- Keyed ids of the edge: HMAC-SHA-256 over the kind, a unit separator and the value. The two padded keys are variables of the
-- connection, so that no statement, log or error holds the key; a connection without them is refused.
create or replace temp macro key_pad(side) as coalesce(
    cast(getvariable('edge_' || side || '_pad') as blob), error('this connection holds no key of the edge')
);

create or replace temp macro keyed_digest(kind, given) as sha256(
    key_pad('outer') || unhex(sha256(key_pad('inner') || encode(kind || chr(31) || cast(given as varchar))))
);

create or replace temp macro keyed_text(kind, given) as substr(keyed_digest(kind, given), 1, 32);

create or replace temp macro keyed_number(kind, given) as cast(
    cast('0x' || substr(keyed_digest(kind, given), 1, 16) as ubigint) >> 1 as bigint
);
