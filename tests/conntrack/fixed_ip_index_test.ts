import assert from "node:assert/strict";
import fc from "fast-check";
import { fromWords } from "../../lib/address/ip_address.ts";
import { AddressHash } from "../../lib/conntrack/address_hash.ts";
import { FixedIpIndex, NONE } from "../../lib/conntrack/fixed_ip_index.ts";

const SEED = 20_264;

Deno.test("FixedIpIndex finds what a naive search finds, and its owners", () => {
  const word = fc.constantFrom(0, 1, 0xffff, 0x0a000001, 0xffffffff);
  const address = fc.tuple(word, word, word, word).map(fromWords);
  const owners = fc.array(fc.array(address, { maxLength: 6 }), { maxLength: 6 }).map((lists) =>
    lists.map((fixedIps, number) => ({ uuid: `uuid-${number}`, fixedIps }))
  );
  fc.assert(
    fc.property(owners, fc.array(address, { maxLength: 20 }), (owners, others) => {
      const index = new FixedIpIndex(new AddressHash(), owners);
      const asked = [...owners.flatMap((owner) => owner.fixedIps), ...others];
      for (const { words } of asked) {
        const holders = owners.flatMap(({ fixedIps }, number) =>
          fixedIps.some((ip) => ip.words.join() === words.join()) ? [number] : []
        );
        const found = index.find(Uint32Array.from([7, ...words]), 1);
        const instances: number[] = [];
        for (let at = index.firstHolding(found); at !== NONE; at = index.nextHolding(at)) {
          instances.push(index.instanceOf(at));
          assert.equal(
            index.holdings[at],
            `${owners[index.instanceOf(at)]?.uuid} ${words.join(" ")}`,
          );
        }
        assert.deepEqual(instances.sort(), holders);
      }
      const texts = owners.flatMap(({ fixedIps }) => [...new Set(fixedIps.map((ip) => ip.text))]);
      assert.equal(index.addressCount, new Set(texts).size);
      assert.equal(index.holdings.length, texts.length);
      const shared = texts.filter((text, at) => texts.indexOf(text) !== at);
      assert.equal(index.ambiguous, new Set(shared).size);
    }),
    { seed: SEED, numRuns: 300 },
  );
});

Deno.test("FixedIpIndex finds an instance's holding without walking those of others", () => {
  const words = [0, 0, 0xffff, 0xc0a80001] as const;
  const owners = Array.from({ length: 20_000 }, (_, at) => ({
    uuid: `u-${at}`,
    fixedIps: [{ family: "ipv4", text: "192.168.0.1", words } as const],
  }));
  // Built and asked by walking chains, this would take minutes.
  const index = new FixedIpIndex(new AddressHash(), owners);
  const address = index.find(Uint32Array.from(words), 0);
  for (let instance = 0; instance < owners.length; instance++) {
    assert.equal(index.instanceOf(index.holdingOf(address, instance)), instance);
  }
  assert.equal(index.holdingOf(NONE, 0), NONE);
});
