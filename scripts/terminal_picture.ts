/** The sixteen colours, as on a dark terminal. */
const COLOURS = [
  ...["#1d1f21", "#e5484d", "#7bb661", "#e0a44c", "#6ca0dc", "#b48ead", "#5fb3b3", "#d0d3d6"],
  ...["#7d8590", "#ff6b6b", "#98c379", "#f0c674", "#81a2be", "#c594c5", "#8abeb7", "#ffffff"],
];
const PAPER = "#1d1f21";
const INK = "#d0d3d6";
const SIZE = 14;
/** Of DejaVu Sans Mono, whose letters are all that wide. */
const LETTER = SIZE * 1233 / 2048;
const LINE = 18;
const MARGIN = 12;
/** Between two screens. */
const GAP = 14;

interface Look {
  readonly ink: string | undefined;
  readonly paper: string | undefined;
  readonly isBold: boolean;
  readonly isReversed: boolean;
}

const USUAL: Look = { ink: undefined, paper: undefined, isBold: false, isReversed: false };

/** Screens of a terminal, as `tmux capture-pane -e` gives them, one below the other as an SVG document. */
export function terminalPicture(screens: readonly string[], columns: number): string {
  const width = Math.ceil(columns * LETTER + 2 * MARGIN);
  let top = 0;
  const drawn = screens.map((screen) => {
    const lines = screen.replace(/\n+$/, "").split("\n");
    const height = lines.length * LINE + 2 * MARGIN;
    let look = USUAL;
    const rows = lines.map((line, row) => {
      const { svg, look: next } = drawLine(line, look, top + MARGIN + row * LINE);
      look = next;
      return svg;
    });
    const frame = `<rect y="${top}" width="${width}" height="${height}" rx="6" fill="${PAPER}"/>`;
    top += height + GAP;
    return frame + rows.join("");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top - GAP}" ` +
    `font-family="DejaVu Sans Mono" font-size="${SIZE}" xml:space="preserve">` +
    `<rect width="100%" height="100%" fill="#ffffff"/>${drawn.join("")}</svg>`;
}

function drawLine(line: string, before: Look, y: number): { svg: string; look: Look } {
  let look = before;
  let column = 0;
  let svg = "";
  // deno-lint-ignore no-control-regex
  for (const [, parameters, text = ""] of line.matchAll(/(?:\x1b\[([\d;]*)m)?([^\x1b]*)/g)) {
    if (parameters !== undefined) look = changed(look, parameters);
    const letters = [...text];
    if (letters.length > 0) svg += drawText(text, letters.length, { look, column, y });
    column += letters.length;
  }
  return { svg, look };
}

function drawText(
  text: string,
  length: number,
  { look, column, y }: { readonly look: Look; readonly column: number; readonly y: number },
): string {
  const { isReversed, isBold } = look;
  const ink = (isReversed ? look.paper ?? PAPER : look.ink) ?? INK;
  const paper = isReversed ? look.ink ?? INK : look.paper;
  const x = (MARGIN + column * LETTER).toFixed(2);
  const width = (length * LETTER).toFixed(2);
  const behind = paper === undefined
    ? ""
    : `<rect x="${x}" y="${y}" width="${width}" height="${LINE}" fill="${paper}"/>`;
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const weight = isBold ? ' font-weight="bold"' : "";
  return `${behind}<text x="${x}" y="${y + SIZE}" fill="${ink}"${weight}>${escaped}</text>`;
}

function changed(before: Look, parameters: string): Look {
  return parameters.split(";").map(Number).reduce((look, code): Look => {
    if (code === 0) return USUAL;
    if (code === 1) return { ...look, isBold: true };
    if (code === 22) return { ...look, isBold: false };
    if (code === 7 || code === 27) return { ...look, isReversed: code === 7 };
    if (code === 39) return { ...look, ink: undefined };
    if (code === 49) return { ...look, paper: undefined };
    const bright = code >= 90 ? 8 : 0;
    const colour = COLOURS[code % 10 + bright];
    return Math.floor(code % 60 / 10) === 3 ? { ...look, ink: colour } : { ...look, paper: colour };
  }, before);
}
