/// <reference lib="dom" />

/** What keys do; each is named in the page's help. */
export interface KeyActions {
  readonly filter: () => void;
  readonly move: (by: number) => void;
  readonly back: () => void;
  readonly node: () => void;
  readonly help: () => void;
  readonly marked: () => void;
}

/** Listens for keys, unless somebody types into a field, a browser's own shortcut or a dialog. */
export function listenForKeys(actions: KeyActions): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const { target, key } = event;
    if (key === "Escape") {
      actions.back();
      return;
    }
    const isField = target instanceof HTMLElement && target.matches("input, select, textarea");
    if (isField) {
      if (key !== "Enter" && key !== "ArrowDown" || target.matches("select")) return;
      event.preventDefault();
      actions.move(0);
      return;
    }
    const action = actionOf(key, actions);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function actionOf(key: string, actions: KeyActions): (() => void) | undefined {
  switch (key) {
    case "/":
      return actions.filter;
    case "ArrowDown":
    case "j":
      return () => actions.move(1);
    case "ArrowUp":
    case "k":
      return () => actions.move(-1);
    case "m":
      return actions.marked;
    case "n":
      return actions.node;
    case "?":
      return actions.help;
    default:
      return undefined;
  }
}
