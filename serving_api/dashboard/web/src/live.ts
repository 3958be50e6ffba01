/** What is published while the page is open, told by the server. */

import { signal } from "@preact/signals";
import { send } from "./api";
import { identity } from "./session";
import { completeThrough, generation } from "./state";

export type Connection = "connecting" | "live" | "away";
export const connection = signal<Connection>("connecting");
/** When the last publication came in while we listened. */
export const updated = signal<number>(0);

/** How often the server was there again after it had been away: what failed meanwhile is worth another try. */
export const returned = signal(0);

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/** Listen until told to stop; comes back whenever the stream ends. */
export function listen(): () => void {
  const ended = new AbortController();
  void follow(ended.signal);
  return () => ended.abort();
}

async function follow(ended: AbortSignal): Promise<void> {
  for (let wait = FIRST_WAIT; !ended.aborted && identity.value !== undefined; ) {
    // Without a network a stream that is open would just be silent.
    const cut = new AbortController();
    const off = (): void => cut.abort();
    addEventListener("offline", off);
    try {
      // EventSource cannot send a token, so the stream is read by hand.
      const response = await send({ path: "/api/v1/live" }, "text/event-stream", AbortSignal.any([ended, cut.signal]));
      if (connection.value === "away") returned.value += 1;
      connection.value = "live";
      wait = FIRST_WAIT;
      await each(response.body!, take);
    } catch {
      connection.value = "away";
    } finally {
      removeEventListener("offline", off);
    }
    await resting(wait);
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }
}

/** Wait, no longer than until the browser finds the network again. */
function resting(wait: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      removeEventListener("online", end);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, wait);
    addEventListener("online", end);
  });
}

async function each(stream: ReadableStream<Uint8Array>, hear: (event: string) => void): Promise<void> {
  const reader = stream.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).getReader();
  for (let rest = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop()!;
    events.forEach(hear);
  }
}

function take(event: string): void {
  const data = event.split("\n").find((line) => line.startsWith("data: "));
  if (data === undefined) return;
  const said = JSON.parse(data.slice(6)) as { generation: number; complete_through: string | null };
  if (generation.value !== null && said.generation !== generation.value) updated.value = Date.now();
  completeThrough.value = said.complete_through;
  generation.value = said.generation;
}
