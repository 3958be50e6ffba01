/** The frame: where one can go, who one is, and whether the page is live. */

import { useEffect, useState } from "preact/hooks";
import { heldUntil } from "../api";
import { ago } from "../format";
import { connection, updated } from "../live";
import { identities, identity, signOut, switchTo } from "../session";
import type { Page } from "../spec";
import { completeThrough, dashboards, generation, linkKeeping, page } from "../state";
import { choice, chooseTheme, dark } from "../theme";
import { Icon } from "./Icon";
import { Link } from "./Link";
import { PageView } from "./PageView";

export function Shell({ addToken }: { addToken: () => void }) {
  const [open, setOpen] = useState(false);
  const current = page.value;
  useEffect(() => {
    document.title = current ? `${current.title} · Marketplace warehouse` : "Marketplace warehouse";
    setOpen(false);
  }, [current]);
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === "Escape") setOpen(false);
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, []);
  return (
    <div class={`shell ${open ? "nav-open" : ""}`}>
      <a class="skip" href="#content">Skip to the numbers</a>
      <nav class="side" aria-label="Dashboards" id="dashboards">
        <div class="brand"><img src={icon} width="24" height="24" alt="" /> Marketplace warehouse</div>
        <Pages pages={dashboards.value?.pages ?? []} />
        <div class="side-foot">
          <a href="/docs" target="_blank" rel="noreferrer">API</a>
          <a href="/docs/dbt" target="_blank" rel="noreferrer">Models</a>
          {dashboards.value?.dagster && <a href={dashboards.value.dagster} target="_blank" rel="noreferrer">Dagster</a>}
        </div>
      </nav>
      <div class="scrim" onClick={() => setOpen(false)} />
      <div class="stage">
        <div class="top">
          <button type="button" class="tool menu" aria-label="Dashboards" aria-expanded={open} aria-controls="dashboards" onClick={() => setOpen(!open)}><Icon name="menu" size={20} /></button>
          <Freshness />
          <span class="grow" />
          <button type="button" class="tool" aria-label={dark.value ? "Light colours" : "Dark colours"} title={`Colours: ${choice.value}`} onClick={() => chooseTheme(dark.value ? "light" : "dark")}>
            <Icon name={dark.value ? "sun" : "moon"} size={18} />
          </button>
          <Account addToken={addToken} />
        </div>
        <main id="content" tabIndex={-1}>
          {current ? <PageView key={current.name} page={current} /> : <NotHere />}
        </main>
      </div>
    </div>
  );
}

const icon = new URL("../icon.svg", import.meta.url).href;

function Pages({ pages }: { pages: Page[] }) {
  const groups = [...new Set(pages.map((one) => one.group))];
  return (
    <div class="pages">
      {groups.map((group) => (
        <div key={group} role="group" aria-label={group}>
          <p class="group">{group}</p>
          <ul>
            {pages.filter((one) => one.group === group).map((one) => {
              return <li key={one.name}><Link to={linkKeeping(one.name, one.time)} current={page.value?.name === one.name}>{one.title}</Link></li>;
            })}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Freshness() {
  const [now, setNow] = useState(Date.now());
  const held = heldUntil.value > now;
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), held ? 1000 : 15_000);
    return () => clearInterval(clock);
  }, [held]);
  const through = completeThrough.value;
  const just = now - updated.value < 20_000;
  const words = { connecting: "Connecting", live: "Live", away: "Not connected" }[connection.value];
  return (
    <p class={`freshness ${connection.value} ${just ? "just" : ""}`} role="status" title="Numbers change here as soon as others are published">
      <span class="pulse" aria-hidden="true" />
      <span>{words}</span>
      {heldUntil.value > now ? (
        <span class="fresh-detail">more was asked than the API answers in a minute; going on in {Math.ceil((heldUntil.value - now) / 1000)} s</span>
      ) : through && <span class="fresh-detail">events {ago(through, now)} · generation {generation.value}</span>}
    </p>
  );
}

function Account({ addToken }: { addToken: () => void }) {
  const current = identity.value;
  return (
    <details class="account">
      <summary aria-label="Account"><Icon name="user" size={18} /><span>{current?.subject}</span><span class="role">{current?.role}</span></summary>
      <div class="menu-box">
        <p class="group">Tokens in this tab</p>
        {identities.value.map((one) => (
          <button type="button" key={`${one.subject} ${one.role}`} onClick={() => switchTo(one)} aria-current={one === current ? "true" : undefined}>
            {one === current ? <Icon name="check" /> : <span class="no-icon" />}<span>{one.subject}</span><span class="role">{one.role}</span>
          </button>
        ))}
        <hr />
        <button type="button" onClick={addToken}><span class="no-icon" />Add a token…</button>
        <button type="button" onClick={() => void navigator.clipboard.writeText(location.href)}><Icon name="link" />Copy link to this view</button>
        <button type="button" onClick={() => chooseTheme("system")}><span class="no-icon" />Colours as the system has them</button>
        <button type="button" onClick={() => signOut()}><span class="no-icon" />Sign out</button>
      </div>
    </details>
  );
}

function NotHere() {
  const any = (dashboards.value?.pages.length ?? 0) > 0;
  return (
    <div class="notice big">
      <h1>{any ? "This dashboard is not for this token" : "There are no dashboards for this role"}</h1>
      <p class="muted">{any ? "Choose another one at the left, or add a token of a role that may see it." : "Add a token of another role in the menu at the top right."}</p>
    </div>
  );
}
