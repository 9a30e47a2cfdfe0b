#!/usr/bin/env python3
"""Checks a published transparency log, or a receipt, with nothing but Python's standard library.

    verify.py DIR VKEY            checks the log in DIR, signed by VKEY
    verify.py DIR VKEY RECEIPT    checks a receipt against VKEY as well

Checks the checkpoint's signature, recomputes the root and every tile from the entries, and finds stray files.
Written to be read: what a signature and a root mean is all here.
"""

import base64
import hashlib
import os
import sys

# --- Ed25519 (RFC 8032), verification only: nothing secret is handled, so nothing has to run in constant time ---

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def decode_point(data):
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = recover_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def ed25519_ok(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r = decode_point(public), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % ORDER
    return same(multiply(s, BASE), add(r, multiply(k, key)))


# --- signed notes and checkpoints ---


def fail(why):
    print("python: FAILED:", why, file=sys.stderr)
    sys.exit(1)


def decode(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not the canonical base64")
    return data


def open_checkpoint(note, vkey):
    """Returns origin, size and root of a checkpoint that the key signed."""
    name, key_id, data = vkey.split("+", 2)
    data = decode(data)
    expected = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if expected.hex() != key_id or data[0] != 1:
        fail("the key is malformed or of another type")
    head, found, lines = note.rpartition("\n\n")
    if not found:
        fail("the checkpoint has no signatures")
    text, signed = head + "\n", False
    for line in lines.splitlines():
        dash, signer, signature = line.split(" ")
        signature = decode(signature)
        if dash != "\u2014":
            fail("a signature line is malformed")
        if signer == name and signature[:4] == expected:
            if not ed25519_ok(data[1:], text.encode(), signature[4:]):
                fail("the checkpoint's signature is wrong")
            signed = True
    if not signed:
        fail("the key did not sign the checkpoint")
    origin, size, root = text.split("\n")[:3]
    if origin != name or str(int(size)) != size:
        fail("the checkpoint is of another log, or malformed")
    return origin, int(size), decode(root)


# --- the tree ---


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(hashes):
    """The root as RFC 6962 defines it."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        pairs = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
        # A last one without a partner moves up as it is.
        hashes = pairs + hashes[len(hashes) & ~1:]
    return hashes[0]


def position(number, width):
    groups = ["%03d" % (number % 1000)]
    while number >= 1000:
        number //= 1000
        groups.insert(0, "x%03d" % (number % 1000))
    return "/".join(groups) + ("" if width == 256 else ".p/%d" % width)


def read(directory, path):
    try:
        with open(os.path.join(directory, path), "rb") as file:
            return file.read()
    except FileNotFoundError:
        fail(path + " is missing")


def read_entries(directory, size, seen):
    for number in range((size + 255) // 256):
        width = min(256, size - number * 256)
        path = "tile/entries/" + position(number, width)
        seen.add(path)
        bundle, at = read(directory, path), 0
        for _ in range(width):
            end = at + 2 + int.from_bytes(bundle[at:at + 2], "big")
            if at + 2 > len(bundle) or end > len(bundle):
                fail("%s ends within an entry" % path)
            yield bundle[at + 2:end]
            at = end
        if at != len(bundle):
            fail("%s holds more than %d entries" % (path, width))


def check_tiles(directory, leaves, seen):
    level, hashes, count = 0, leaves, 0
    while hashes:
        parents = []
        for start in range(0, len(hashes), 256):
            row = hashes[start:start + 256]
            path = "tile/%d/%s" % (level, position(start // 256, len(row)))
            seen.add(path)
            count += 1
            if read(directory, path) != b"".join(row):
                fail("%s differs from what the entries hash to" % path)
            if len(row) == 256:
                parents.append(root_of(row))
        level, hashes = level + 1, parents
    return count


def check_log(directory, vkey):
    note = read(directory, "checkpoint").decode()
    origin, size, root = open_checkpoint(note, vkey)
    seen = {"checkpoint"}
    leaves = [leaf_hash(entry) for entry in read_entries(directory, size, seen)]
    if root_of(leaves) != root:
        fail("the entries do not hash to the checkpoint's root")
    tiles = check_tiles(directory, leaves, seen)
    for folder, _, names in os.walk(directory):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), directory)
            older = path.rpartition("/")[0].endswith(".p")
            if path not in seen and not older:
                fail("%s does not belong to the log" % path)
    print("python: ok: %s: %d entries, root %s, %d tiles" % (origin, size, root.hex(), tiles))


# --- receipts ---


def root_from_proof(leaf, index, size, proof):
    """Walks the tree from the root to the leaf, then hashes back up."""
    turns = []
    while size > 1:
        split = 1 << (size - 1).bit_length() - 1
        turns.append(index >= split)
        index, size = (index - split, size - split) if index >= split else (index, split)
    if len(proof) != len(turns):
        fail("the receipt's proof has a wrong number of hashes")
    node = leaf
    for is_right, sibling in zip(reversed(turns), proof):
        node = node_hash(sibling, node) if is_right else node_hash(node, sibling)
    return node


def check_receipt(path, vkey):
    with open(path, "rb") as file:
        head, _, note = file.read().decode().partition("\n\n")
    lines = head.split("\n")
    if len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("extra "):
        fail("%s is no receipt with an entry" % path)
    entry, index = decode(lines[1][6:]), int(lines[2][6:])
    origin, size, root = open_checkpoint(note, vkey)
    if not 0 <= index < size:
        fail("the receipt's entry lies beyond its checkpoint")
    if root_from_proof(leaf_hash(entry), index, size, [decode(line) for line in lines[3:]]) != root:
        fail("the receipt does not lead to the checkpoint's root")
    print("python: ok: receipt: %s holds entry %d of %d bytes" % (origin, index, len(entry)))


def main():
    if len(sys.argv) not in (3, 4):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    try:
        check_log(sys.argv[1], sys.argv[2])
        if len(sys.argv) == 4:
            check_receipt(sys.argv[3], sys.argv[2])
    except (ValueError, IndexError) as error:
        fail(error)


main()
