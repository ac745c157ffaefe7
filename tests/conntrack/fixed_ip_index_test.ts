import assert from "node:assert/strict";
import fc from "fast-check";
import { fromWords } from "../../lib/address/ip_address.ts";
import { AddressHash } from "../../lib/conntrack/address_hash.ts";
import { NONE } from "../../lib/conntrack/address_places.ts";
import { FixedIpIndex } from "../../lib/conntrack/fixed_ip_index.ts";

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
        const found = index.find(Uint32Array.from([7, ...words]), 1, 0);
        const instances: number[] = [];
        for (let at = index.firstClaim(found); at !== NONE; at = index.nextClaim(at)) {
          const holding = index.holdingOf(at);
          const instance = index.instanceOf(holding);
          instances.push(instance);
          assert.equal(index.holdings[holding], `${owners[instance]?.uuid} ${words.join(" ")}`);
          assert.equal(index.holdingBy(instance, Uint32Array.from(words), 0), holding);
        }
        assert.deepEqual(instances.sort(), holders);
      }
      const texts = owners.flatMap(({ fixedIps }) => [...new Set(fixedIps.map((ip) => ip.text))]);
      assert.equal(index.holdings.length, texts.length);
      const shared = texts.filter((text, at) => texts.indexOf(text) !== at);
      assert.equal(index.countAmbiguous(new Uint32Array(index.placeCount)), new Set(shared).size);
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
  const address = Uint32Array.from(words);
  for (let instance = 0; instance < owners.length; instance++) {
    assert.equal(index.instanceOf(index.holdingBy(instance, address, 0)), instance);
  }
  assert.equal(index.holdingBy(0, Uint32Array.of(0, 0, 0xffff, 1), 0), NONE);
});
