/// <reference lib="deno.worker" />
import { compareSync } from "bcryptjs";

/** A password to check. */
export interface BcryptQuestion {
  readonly password: string;
  readonly hash: string;
}

self.onmessage = ({ data }: MessageEvent<BcryptQuestion>) => {
  self.postMessage(compareSync(data.password, data.hash));
};
