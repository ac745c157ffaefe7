/// <reference lib="dom" />
import { byId } from "./element.ts";
import { listenForKeys } from "./keyboard.ts";
import { LivePage } from "./live_page.ts";
import { offerThemes } from "./theme.ts";

const page = new LivePage();
const help = byId("help") as HTMLDialogElement;
const toggleNode = () => page.open({ kind: page.state.open.kind === "node" ? "nothing" : "node" });

offerThemes(() => page.redraw());
byId("help-open").addEventListener("click", () => help.showModal());
byId("help-close").addEventListener("click", () => help.close());
byId("node-open").addEventListener("click", toggleNode);
listenForKeys({
  filter: () => page.focusFilter(),
  move: (by) => page.moveFocus(by),
  back: () => page.open({ kind: "nothing" }),
  node: toggleNode,
  help: () => help.showModal(),
  marked: () => page.change({ mark: page.state.mark === undefined ? "any" : undefined }),
});
page.start();
