#!/usr/bin/env python3
"""Verifies an export of an audit trail from the description of its format alone: shares no code with the package.
    python3 verify.py EXPORT [VKEY ...]      keys that you trust, in any order; without, the first one it names
Exit codes: 0 ok, 1 could not run, 2 altered, 3 out of sequence, 4 truncated, 5 rewritten, 6 bad key."""
import base64, decimal, hashlib, json, sys

CODES = {"rewritten": 5, "out_of_sequence": 3, "altered": 2, "truncated": 4, "bad_key": 6, "ok": 0}  # worst first
P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
sha = lambda data: hashlib.sha256(data).digest()

def unbase64(text):  # only as it is written: otherwise one signature has many spellings
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text: raise ValueError("not base64")
    return data

def add(p, q):  # Ed25519 (RFC 8032), points as (X, Y, Z, T)
    a, b, c, d = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0]), 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P

def mul(n, p):
    r = (0, 1, 1, 0)
    while n: r, p, n = (add(r, p) if n & 1 else r), add(p, p), n >> 1
    return r

def point(data):
    y, odd = int.from_bytes(data, "little") % 2**255, data[31] >> 7
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P: x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - xx) % P or y >= P or (x == 0 and odd): raise ValueError("no point of the curve")
    if x % 2 != odd: x = P - x
    return x, y, 1, x * y % P

def verified(key, message, signature):
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= Q: return False
    h = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % Q
    a, b = mul(s, point(bytes([0x58] + [0x66] * 31))), add(point(r), mul(h, point(key)))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 == (a[1] * b[2] - b[1] * a[2]) % P

def signed_by(vkey, text, signatures):  # None: not by this key
    name, ident, typed = vkey.split("+", 2)
    typed = unbase64(typed)
    if sha(name.encode() + b"\n" + typed)[:4].hex() != ident or typed[0] != 1: raise ValueError("no key: " + vkey)
    own = [s[4:] for n, s in signatures if (n, s[:4].hex()) == (name, ident)]
    return all(verified(typed[1:], text, s) for s in own) if own else None

def number(value):  # as ECMAScript prints it
    sign, digits, exponent = decimal.Decimal(repr(float(value))).normalize().as_tuple()
    text, n = "".join(map(str, digits)), len(digits) + exponent
    if value == 0: return "0"
    if len(text) <= n <= 21: text += "0" * (n - len(text))
    elif 0 < n <= 21: text = text[:n] + "." + text[n:]
    elif -6 < n <= 0: text = "0." + "0" * -n + text
    else: text = text[0] + ("." + text[1:] if text[1:] else "") + "e%+d" % (n - 1)
    return "-" * sign + text

def canonical(value):  # RFC 8785
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list): return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool): return number(value)
    return json.dumps(value, ensure_ascii=False)

def is_entry(entry, text):
    stream = entry["stream"]
    if entry["v"] == 1 and sorted(entry) != ["data", "instance", "kind", "seq", "stream", "v"]: return False
    if stream is not None and sorted(stream) != ["epoch", "seq"]: return False
    return isinstance(entry["data"], dict) and canonical(entry) == text

def read_note(note):
    text, _, tail = note.rpartition("\n\n")
    lines, text = text.split("\n"), (text + "\n").encode()
    signatures = [(n, unbase64(s)) for _, n, s in (line.split(" ") for line in tail[:-1].split("\n"))]
    root, chain = unbase64(lines[2]), unbase64(lines[3][len("chain "):])
    if lines[3][:6] + lines[4][:5] + note[-1:] != "chain time \n": raise ValueError("no checkpoint")
    successor = lines[5][len("key "):] if lines[5:] and lines[5].startswith("key ") else None
    return lines[0], int(lines[1]), root, chain, successor, text, signatures

def verify(lines, trusted):
    found, header = set(), json.loads(next(lines))
    if (header["type"], header["version"]) != ("trail", 1): raise ValueError("no export of an audit trail")
    start = header["start"] or {"through": 0, "chain": "00" * 32, "frontier": [], "handovers": []}
    size, chain, peaks = start["through"], bytes.fromhex(start["chain"]), [bytes.fromhex(h) for h in start["frontier"]]
    given, signers = [key for key in trusted if key.startswith("nestjs-log-stream/audit/" + header["trail"] + "+")], set()
    if trusted and not given: found.add("bad_key")  # keys of other trails only
    trusted = given if trusted else header["vkeys"][:1]
    reigns = [[header["vkeys"][0], float("inf"), 0]]  # keys in order: the size up to which it may sign, and from which
    signed, ahead, by_trusted, pruned, end, unreadable = -1, [0], False, None, None, 0
    damaged = lost = False  # some leaf is not the recorded one; the chain cannot be followed from the last entry

    def check(note, at):
        nonlocal signed, by_trusted
        try:
            origin, count, root, link, successor, text, signatures = read_note(note)
            by = [(key, until, signed_by(key, text, signatures)) for key, until, _ in reversed(reigns)]
            key = next((key for key, until, good in by if good and count <= until), None)
            if key is None or any(good is False for *_, good in by): raise ValueError("no signature that counts")
            if origin != "nestjs-log-stream/audit/" + header["trail"]: raise ValueError("of another trail")
            signers.add(key)
            if successor in [k for k, *_ in reigns]:  # the same note again, or one that contradicts how the key came in
                if [successor, count] not in [[k, since] for k, _, since in reigns]: raise ValueError("came in elsewhere")
            elif successor and key == reigns[-1][0] and signed_by(successor, text, signatures):
                reigns[-1][1] = count
                reigns.append([successor, float("inf"), count])
                signers.add(successor)
        except (ValueError, IndexError): return found.add("bad_key")
        trust = any(k in trusted for k, *_ in reigns[:[k for k, *_ in reigns].index(key) + 1])
        by_trusted = by_trusted or trust
        if count < at: return found.add("out_of_sequence")
        if count > at: return ahead.append(count) if at >= 0 else None
        tops = list(peaks)
        while len(tops) > 1: tops[-2:] = [sha(b"\1" + tops[-2] + tops[-1])]
        whole = (tops or [sha(b"")])[0] == root
        if link != chain and not lost and not (whole and damaged) or not (whole or damaged): found.add("rewritten")
        elif trust: signed = count

    for note in start["handovers"]: check(note, -1)
    for line in lines:
        if end is not None: found.add("out_of_sequence")
        try:
            row = json.loads(line)
            if row["type"] == "checkpoint": check(row["note"], size); continue
            if row["type"] == "end": end = int(row["last"]); continue
            seq, payload, stored = row["seq"], row["payload"].encode(), bytes.fromhex(row["chain"])
            if row["type"] != "entry" or stored.hex() != row["chain"]: raise ValueError("no entry")
        except (ValueError, KeyError, TypeError, AttributeError):
            found.add("altered"); unreadable += 1; continue
        if seq <= size: found.add("out_of_sequence"); continue
        if seq > size + 1:
            if seq - size - 1 > unreadable: found.add("out_of_sequence")
            size, peaks, damaged, lost = seq - 1, [], True, True
        unreadable = 0
        try:
            entry = json.loads(payload)
            own, kind, data, fit = entry["seq"], entry["kind"], entry.get("data"), is_entry(entry, row["payload"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, decimal.DecimalException):
            own = kind = data = None
        data = data if isinstance(data, dict) else {}
        if kind == "key" and own == seq:
            check(str(data.get("note")), size)
            if data.get("vkey") not in [key for key, *_ in reigns]: found.add("bad_key")
        if kind == "pruned" and own == seq and data.get("through") == start["through"]: pruned = seq, data
        leaf = sha(b"\0" + payload)
        good = lost or stored == sha(b"audit/chain/v1\0" + chain + leaf)
        if own not in (None, seq): found.add("out_of_sequence")
        elif own is None or not good or not fit: found.add("altered")
        damaged, lost = damaged or not good or own != seq, not good or own != seq
        chain, node, rest = stored, leaf, size
        while rest % 2 and peaks: node, rest = sha(b"\1" + peaks.pop() + node), rest // 2
        peaks.append(node)
        size += 1
    if end is None or max(end, *ahead) > size: found.add("truncated")
    if end is not None and end < size or any(0 < count <= size for count in ahead): found.add("out_of_sequence")
    if not by_trusted or any(key not in signers for key in trusted): found.add("bad_key")
    if start["through"] and not found & {"truncated", "bad_key"}:  # whoever can write the file can delete, and say that it was pruned
        said = pruned and pruned[0] <= signed and all(pruned[1].get(k) == start[k] for k in ("chain", "frontier", "handovers"))
        if not said: found.add("out_of_sequence")
    return next((verdict for verdict in CODES if verdict in found), "ok"), size, signed

if __name__ == "__main__":
    try:
        with open(sys.argv[1], "rb") as file:
            verdict, size, signed = verify((line.rstrip(b"\n") for line in file), sys.argv[2:])
    except Exception as error:
        sys.exit(print("could not run:", error) or 1)
    print(f"{verdict}: {size} entries, signed through {max(signed, 0)}")
    sys.exit(CODES[verdict])
