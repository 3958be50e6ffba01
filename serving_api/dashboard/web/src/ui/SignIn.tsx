/** The first visit: where a token comes from, and where to put it. */

import { useState } from "preact/hooks";
import { farewell, signIn } from "../session";

export function SignIn({ cancel }: { cancel?: (() => void) | undefined }) {
  const [fault, setFault] = useState("");
  return (
    <main class="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          try {
            signIn(String(new FormData(event.currentTarget).get("token") ?? ""));
            cancel?.();
          } catch (error) {
            setFault((error as Error).message);
          }
        }}
      >
        <img src={new URL("../icon.svg", import.meta.url).href} width="40" height="40" alt="" />
        <h1>Marketplace warehouse</h1>
        <p>The dashboards show what your token may see.</p>
        {(fault || farewell.value) && <p class="fault" role="alert">{fault || farewell.value}</p>}
        <label for="token">Access token</label>
        <textarea id="token" name="token" rows={4} required spellcheck={false} autocomplete="off" placeholder="eyJ…" />
        <div class="row">
          <button type="submit" class="button primary">Open the dashboards</button>
          {cancel && <button type="button" class="button" onClick={cancel}>Cancel</button>}
        </div>
        <details>
          <summary>Where do I get one?</summary>
          <p>On your own machine, <code>warehouse serve</code> and <code>make up</code> print a link that opens signed in. Elsewhere, whoever runs the warehouse gives you a token, or a link with one.</p>
          <p>The token stays in this tab and is sent to this server only.</p>
        </details>
      </form>
    </main>
  );
}
