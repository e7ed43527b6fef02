import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontierDoesNotFit } from '../../../src/trail/evidence/evidence.messages.js';
import { CHAIN_START, chainHash, leafHash, nodeHash } from '../../../src/trail/evidence/hashes.js';
import { MerkleTree } from '../../../src/trail/evidence/merkle-tree.js';
import { runs } from '../../harness/property-runs.js';

/** The eight leaves of the reference implementation of Certificate Transparency, and its roots of 0 to 8 of them. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** MTH as RFC 6962 defines it, over all leaves at once. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.from([1]), definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}

function treeOf(leaves: readonly Buffer[]): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leaf);
  return tree;
}

const leavesUpTo = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => leafHash(`leaf ${index}`));

describe('the hashes', () => {
  it('are those of RFC 6962 for leaves and nodes', () => {
    expect(leafHash('é')).toEqual(sha256(Buffer.from([0]), Buffer.from('é')));
    expect(leafHash(Buffer.from('é'))).toEqual(leafHash('é'));
    const [left, right] = [leafHash('a'), leafHash('b')];
    expect(nodeHash(left, right)).toEqual(sha256(Buffer.from([1]), left, right));
  });

  it('chain with their own prefix', () => {
    const leaf = leafHash('a');
    expect(chainHash(CHAIN_START, leaf)).toEqual(
      sha256(Buffer.from('audit/chain/v1\0', 'latin1'), Buffer.alloc(32), leaf),
    );
  });
});

describe('MerkleTree', () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))(
    'has the reference root of %i leaves',
    (size, root) => {
      const tree = treeOf(LEAVES.slice(0, size).map((leaf) => leafHash(Buffer.from(leaf, 'hex'))));
      expect(tree.root().toString('hex')).toBe(root);
      expect(tree.size).toBe(size);
    },
  );

  it('goes on from a frontier of any size to the defined root', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (before, after) => {
        const leaves = leavesUpTo(before + after);
        const until = treeOf(leaves.slice(0, before));
        const tree = new MerkleTree(until.size, until.frontier());
        expect(tree.root()).toEqual(definedRoot(leaves.slice(0, before)));
        for (const leaf of leaves.slice(before)) tree.append(leaf);
        expect(tree.root()).toEqual(definedRoot(leaves));
        expect(tree.frontier()).toEqual(treeOf(leaves).frontier());
      }),
      { numRuns: runs(60) },
    );
  });

  it('keeps one hash per bit of its size, also beyond 32 bits', () => {
    const size = 2 ** 40 - 1;
    const tree = new MerkleTree(size, leavesUpTo(40));
    expect(tree.frontier()).toHaveLength(40);
    tree.append(leafHash('the carry through all of them'));
    expect(tree.size).toBe(2 ** 40);
    expect(tree.frontier()).toEqual([tree.root()]);
  });

  it('is not changed through what it gave out', () => {
    const tree = treeOf(leavesUpTo(3));
    const root = tree.root();
    tree.frontier().pop();
    expect(tree.root()).toEqual(root);
  });

  it('refuses a frontier of another size', () => {
    expect(() => new MerkleTree(3, leavesUpTo(1))).toThrow(new RangeError(frontierDoesNotFit(3, 2, 1)));
  });

  it.each([-1, 0.5, Number.NaN, Infinity])('refuses a size of %d', (size) => {
    expect(() => new MerkleTree(size, [])).toThrow(RangeError);
  });

  it('refuses a frontier of something else than hashes', () => {
    expect(() => new MerkleTree(1, [Buffer.alloc(31)])).toThrow(RangeError);
  });
});
