/** A way to another view, without loading the page anew. */

import type { ComponentChildren } from "preact";
import { go } from "../state";

interface Props {
  to: string;
  current?: boolean;
  children: ComponentChildren;
}

export function Link({ to, current, children }: Props) {
  return (
    <a
      href={to}
      aria-current={current ? "page" : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(to);
      }}
    >{children}</a>
  );
}
