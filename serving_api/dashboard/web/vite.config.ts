import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const out = join(import.meta.dirname, "..", "assets");

/** Compresses what was built, and stamps it with the hash of its sources, which a test without Node computes again. */
function finish(): Plugin {
  return {
    name: "finish",
    apply: "build",
    closeBundle() {
      for (const name of readdirSync(out)) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue;
        const content = readFileSync(join(out, name));
        const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
        writeFileSync(join(out, `${name}.br`), brotliCompressSync(content, options));
      }
      writeFileSync(join(out, "sources.sha256"), `${sources()}\n`);
    },
  };
}

function sources(): string {
  const digest = createHash("sha256");
  const top = ["index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts"];
  const inner = readdirSync(join(import.meta.dirname, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(import.meta.dirname, join(entry.parentPath, entry.name)));
  // The order of Python's paths: part by part.
  inner.sort((a, b) => compare(a.split("/"), b.split("/")));
  for (const name of [...top, ...inner]) {
    digest.update(`${name}\0`).update(readFileSync(join(import.meta.dirname, name))).update("\0");
  }
  return digest.digest("hex");
}

function compare(a: string[], b: string[]): number {
  for (let place = 0; place < Math.min(a.length, b.length); place++) {
    const [left, right] = [a[place]!, b[place]!];
    if (left !== right) return left < right ? -1 : 1;
  }
  return a.length - b.length;
}

export default defineConfig({
  base: "/dashboard/assets/",
  build: {
    outDir: out,
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    reportCompressedSize: false,
  },
  plugins: [finish()],
});
