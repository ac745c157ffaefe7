import assert from "node:assert/strict";
import fc from "fast-check";
import { ansiLine, COLOURS } from "../../lib/screen/ansi.ts";
import { cut, fit, widthOf } from "../../lib/screen/fit.ts";
import { span } from "../../lib/screen/line.ts";
import { screen } from "../../lib/screen/screen.ts";
import { shownText } from "../../lib/screen/shown_text.ts";
import { hostileNames } from "../hostile_names.ts";
import { after, BUSY, HISTORY, instance, press, showing, snapshot } from "./snapshots.ts";

/** What a line may have besides text: colours, and the column to go on in. */
// deno-lint-ignore no-control-regex
const OURS = /\x1b\[(?:[\d;]*m|\d+G)/g;
const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

Deno.test("shownText leaves nothing that a terminal obeys or hides", () => {
  const cases = [
    ["web-0", "web-0"],
    ["a\x1b[2Jb\x07", "a\ufffd[2Jb\ufffd"],
    ["\x9b31mred\x9dtitle\x9c", "\ufffd31mred\ufffdtitle\ufffd"],
    ["x\u202egpj.exe\u2066y\u200b\u200d\u00ad\ufeff", "xgpj.exey"],
    ["line\nfeed\u2028\u2029\t", "line\ufffdfeed\ufffd\ufffd\ufffd"],
    ["half\ud800", "half\ufffd"],
    ["flag\u{e0067}\ufe0f", "flag"],
    ["東京 Ärzte עברית", "東京 Ärzte עברית"],
  ] as const;
  for (const [text, shown] of cases) assert.equal(shownText(text), shown);
});

Deno.test("fit counts wide characters twice, marks not at all, and cuts between characters", () => {
  assert.equal(fit("ab", 4), "ab  ");
  assert.equal(fit("ab", 4, "right"), "  ab");
  assert.equal(fit("abcdef", 4), "abc…");
  assert.equal(fit("東京都", 6), "東京都");
  assert.equal(fit("東京都", 5), "東京…");
  assert.equal(fit("東京都", 4), "東… ");
  assert.equal(fit("e\u0301e\u0301e\u0301", 2), "e\u0301…");
  assert.equal(widthOf("한국👩‍🚀"), 8, "a joiner is left out: terminals differ about it");
  assert.equal(cut("abc", 0), "");
  assert.equal(cut("abc", 1), "…");
  assert.ok(cut(`a${"\u0301".repeat(1000)}`, 5).length < 10, "no tower of marks");
});

Deno.test("fit fills exactly, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(30), (text, columns) => {
      assert.equal(widthOf(fit(text, columns)), columns);
      assert.doesNotMatch(fit(text, columns), OBEYED);
    }),
    { seed: 8, numRuns: 200 },
  );
});

Deno.test("ansiLine puts the cursor right behind text whose width terminals differ about", () => {
  const line = [span("a", "bad"), span(" "), span("é\x1b[H"), span(" b"), span("c", "strong")];
  assert.equal(ansiLine(line, 80, COLOURS), "\x1b[1;31ma\x1b[0m é\ufffd[H\x1b[7G b\x1b[1mc\x1b[0m");
  assert.equal(ansiLine(line, 4, COLOURS), "\x1b[1;31ma\x1b[0m é…");
});

Deno.test("screen never obeys a name, and fits every terminal", () => {
  const names = hostileNames(Infinity).filter((_, at) => at < 120 || at % 150 === 0).slice(0, 200);
  const hostile = names.map((name, at) =>
    instance(at, {
      name,
      domain: name,
      flavor: name,
      created_at: name,
      project: { uuid: name, name },
      user: { uuid: name, name },
      disks: BUSY.disks.map((disk) => ({ ...disk, device: name, tier: name, uuid: name })),
      vnics: BUSY.vnics.map((vnic) => ({ ...vnic, interface: name })),
      fixed_ips: BUSY.fixed_ips.map((fixedIp) => ({ ...fixedIp, ip: name })),
      threats: BUSY.threats.map((threat) => ({ ...threat, list: name })),
      over: BUSY.over,
    })
  );
  const feeds = names.slice(0, 40).map((list) => ({
    list,
    entries: 1,
    errors_total: 0,
    last_success_at: 1,
    duration_seconds: 1,
  }));
  const node = snapshot(hostile, { node: names[12] ?? "", feeds });
  const sizes = [[1, 1], [20, 6], [150, 60]] as const;
  for (const [columns, rows] of sizes) {
    const table = press(showing(node, { size: { columns, rows } }), "/", ...names[30] ?? "");
    const whole = press(table, "clear", "enter");
    const open = after(press(whole, "end", "enter"), {
      kind: "history",
      uuid: hostile[0]?.uuid ?? "",
      history: { ...HISTORY, uuid: names[5] ?? "" },
    });
    const silent = after(whole, { kind: "trouble", reason: names[12] ?? "", nowMs: 1 });
    const states = [table, whole, open, press(open, "end"), silent];
    for (const state of [...states, press(open, "?")]) {
      const lines = screen(state).map((line) => ansiLine(line, columns, COLOURS));
      assert.equal(lines.length, rows);
      for (const line of lines) {
        const text = line.replace(OURS, "");
        assert.doesNotMatch(text, OBEYED);
        assert.ok(widthOf(text) <= columns, `${widthOf(text)} columns of ${columns}: ${text}`);
      }
    }
  }
});
