/// <reference lib="dom" />
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Nothing of Chromium that asks other hosts, or that a container has not. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE_MS = 60_000;

/** A tab, and all that the browser said of it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors, violations of the page's policy, dialogs, and requests to anybody else. */
  readonly complaints: readonly string[];
  /** Paths that were asked for, in order. */
  readonly requests: string[];
}

/** Debian's Chromium; leaving its scope ends it and all of its files. */
export class LivePageBrowser implements AsyncDisposable {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<LivePageBrowser> {
    const executablePath = "/usr/bin/chromium";
    return new LivePageBrowser(await chromium.launch({ executablePath, args: FLAGS }));
  }

  /** Opens the live page of an exporter in a tab with no memory of others. */
  async open(
    base: string,
    { hash = "", ...options }: BrowserContextOptions & { readonly hash?: string } = {},
  ): Promise<WatchedPage> {
    const context = await this.#browser.newContext({
      viewport: { width: 1440, height: 900 },
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => {
      // An exporter that is gone is what some tests are about.
      if (/Failed to load resource: net::ERR_/.test(message.text())) return;
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== base) complaints.push(`request: ${request.url()}`);
      requests.push(url.pathname);
    });
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        console.error(`policy: ${violatedDirective} ${blockedURI}`);
      });
    });
    await page.goto(`${base}/${hash}`);
    return { page, complaints, requests };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
