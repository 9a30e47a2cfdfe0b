// Command verify checks a published transparency log, or a receipt, with the code of Go's checksum database: other
// authors and another language than the program that wrote the log.
//
//	verify DIR VKEY            checks the log in DIR, signed by VKEY
//	verify DIR VKEY RECEIPT    checks a receipt against VKEY as well
//
// It checks the checkpoint's signature, recomputes the root and every tile from the entries, and proves a sample of
// entries from the stored tiles.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// memory holds every hash that the entries give.
type memory []tlog.Hash

// ReadHashes implements tlog.HashReader.
func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(m)) {
			return nil, fmt.Errorf("hash %d is not there", index)
		}
		hashes[i] = m[index]
	}
	return hashes, nil
}

// stored reads tiles from the log's directory.
type stored string

func (d stored) Height() int { return height }

func (d stored) SaveTiles([]tlog.Tile, [][]byte) {}

// path drops the height, which the published form leaves out.
func (d stored) path(t tlog.Tile) string {
	return filepath.Join(string(d), strings.Replace(t.Path(), "tile/8/", "tile/", 1))
}

func (d stored) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, t := range tiles {
		bytes, err := os.ReadFile(d.path(t))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

func openCheckpoint(signed []byte, vkey string) (checkpoint, error) {
	var head checkpoint
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return head, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return head, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		return head, fmt.Errorf("the checkpoint has too few lines")
	}
	head.origin = lines[0]
	if head.origin != verifier.Name() {
		return head, fmt.Errorf("%s signed a checkpoint of %s", verifier.Name(), head.origin)
	}
	if head.size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return head, err
	}
	head.root, err = tlog.ParseHash(lines[2])
	return head, err
}

// readEntries reads the entries of all bundles.
func readEntries(dir string, size int64) ([][]byte, error) {
	var entries [][]byte
	for number := int64(0); number*256 < size; number++ {
		tile := tlog.Tile{H: height, L: 0, N: number, W: 256}
		if size-number*256 < 256 {
			tile.W = int(size - number*256)
		}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return nil, err
		}
		for i := 0; i < tile.W; i++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s ends within entry %d", path, len(entries))
			}
			length := int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
		if len(bundle) > 0 {
			return nil, fmt.Errorf("%s holds more than %d entries", path, tile.W)
		}
	}
	return entries, nil
}

func recompute(entries [][]byte) (memory, error) {
	var hashes memory
	for i, entry := range entries {
		more, err := tlog.StoredHashes(int64(i), entry, hashes)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, more...)
	}
	return hashes, nil
}

// tilesOf lists the tiles of a tree, full and partial.
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level, hashes := 0, size; hashes > 0; level, hashes = level+1, hashes>>height {
		for number := int64(0); number<<height < hashes; number++ {
			tile := tlog.Tile{H: height, L: level, N: number, W: 1 << height}
			if rest := hashes - number<<height; rest < 1<<height {
				tile.W = int(rest)
			}
			tiles = append(tiles, tile)
		}
	}
	return tiles
}

func checkTiles(dir stored, hashes memory, size int64) (int, error) {
	tiles := tilesOf(size)
	for _, tile := range tiles {
		expected, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return 0, err
		}
		found, err := os.ReadFile(dir.path(tile))
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(expected, found) {
			return 0, fmt.Errorf("%s differs from what the entries hash to", dir.path(tile))
		}
	}
	return len(tiles), nil
}

// checkProofs proves entries from the stored tiles, as somebody would who does not hold the log.
func checkProofs(dir stored, entries [][]byte, head checkpoint) (int, error) {
	reader := tlog.TileHashReader(tlog.Tree{N: head.size, Hash: head.root}, dir)
	count := 0
	for _, index := range []int64{0, 1, 255, 256, 65535, 65536, head.size / 2, head.size - 1} {
		if index < 0 || index >= head.size {
			continue
		}
		proof, err := tlog.ProveRecord(head.size, index, reader)
		if err != nil {
			return 0, err
		}
		leaf := tlog.RecordHash(entries[index])
		if err := tlog.CheckRecord(proof, head.size, head.root, index, leaf); err != nil {
			return 0, fmt.Errorf("entry %d: %w", index, err)
		}
		count++
	}
	return count, nil
}

func checkLog(dir, vkey string) error {
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	head, err := openCheckpoint(signed, vkey)
	if err != nil {
		return err
	}
	entries, err := readEntries(dir, head.size)
	if err != nil {
		return err
	}
	hashes, err := recompute(entries)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(head.size, hashes)
	if err != nil {
		return err
	}
	if head.size > 0 && root != head.root {
		return fmt.Errorf("the entries hash to %v, and the checkpoint says %v", root, head.root)
	}
	tiles, err := checkTiles(stored(dir), hashes, head.size)
	if err != nil {
		return err
	}
	proofs, err := checkProofs(stored(dir), entries, head)
	if err != nil {
		return err
	}
	fmt.Printf("go: ok: %s: %d entries, root %v, %d tiles, %d proofs\n", head.origin, head.size, head.root, tiles, proofs)
	return nil
}

func checkReceipt(path, vkey string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, signed, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(text, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") {
		return fmt.Errorf("%s is no receipt with an entry", path)
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	head, err := openCheckpoint([]byte(signed), vkey)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, head.size, head.root, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	fmt.Printf("go: ok: receipt: %s holds entry %d of %d bytes\n", head.origin, index, len(entry))
	return nil
}

func main() {
	if len(os.Args) < 3 || len(os.Args) > 4 {
		fmt.Fprintln(os.Stderr, "usage: verify DIR VKEY [RECEIPT]")
		os.Exit(2)
	}
	err := checkLog(os.Args[1], os.Args[2])
	if err == nil && len(os.Args) == 4 {
		err = checkReceipt(os.Args[3], os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "go: FAILED:", err)
		os.Exit(1)
	}
}
