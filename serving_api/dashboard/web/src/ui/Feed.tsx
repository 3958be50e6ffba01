/** What happened, the latest first; new lines come in with each publication. */

import { useEffect, useState } from "preact/hooks";
import { label, rowsAt } from "../data";
import { ago, instant } from "../format";
import type { FeedItem } from "../spec";

export function Feed({ item, body }: { item: FeedItem; body: unknown }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(clock);
  }, []);
  return (
    <ul class="feed" tabIndex={0} aria-label={item.title}>
      {rowsAt(body, item.rows).slice(0, 40).map((row, place) => {
        const time = String(row[item.time] ?? "");
        const words = String(row[item.text] ?? "");
        return (
          <li key={String(row.id ?? place)}>
            <span class={`feed-dot area-${words.split(".")[0]}`} aria-hidden="true" />
            <span class="feed-text">{label(words)}{item.detail && row[item.detail] ? <span class="feed-who"> {String(row[item.detail])}</span> : null}</span>
            <time dateTime={time} title={instant(time)}>{ago(time, now)}</time>
          </li>
        );
      })}
    </ul>
  );
}
