/**
 * Rebuilds the vendored modules and their checksums from the exact versions in package.json and package-lock.json.
 *
 *   node frontend/vendor/build.mjs           write the modules, the licence texts and SHA256SUMS
 *   node frontend/vendor/build.mjs --check   build, compare with SHA256SUMS, exit 1 on a difference
 *
 * Packages are installed in a temporary directory; nothing but the results enters the repository.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const versions = JSON.parse(readFileSync(join(here, "package.json"), "utf8")).devDependencies;

const MODULES = [
  {
    file: `preact-${versions.preact}.js`,
    packages: ["preact", "htm", "@preact/signals", "@preact/signals-core"],
    source: `
      import { h, render, Fragment, createContext } from "preact";
      import htm from "htm";
      export { h, render, Fragment, createContext };
      export { useCallback, useContext, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
      export { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from "@preact/signals";
      export const html = htm.bind(h);
    `,
  },
  {
    file: `twitter-text-${versions["twitter-text"]}.js`,
    packages: ["twitter-text", "twemoji-parser", "punycode", "@babel/runtime"],
    source: `
      export { default as parseTweet } from "twitter-text/dist/esm/parseTweet.js";
      export { default as extractUrls } from "twitter-text/dist/esm/extractUrls.js";
    `,
  },
];

/** twitter-text asks for core-js 2, which polyfills browsers that cannot run this desk anyway. */
const withoutPolyfills = {
  name: "without-polyfills",
  setup(build) {
    build.onResolve({ filter: /^core-js\// }, (found) => ({ path: found.path, namespace: "nothing" }));
    build.onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "" }));
  },
};

const LICENCES = {
  "@babel/runtime": "LICENSE",
  "@preact/signals": "LICENSE",
  "@preact/signals-core": "LICENSE",
  htm: "LICENSE",
  preact: "LICENSE",
  punycode: "LICENSE-MIT.txt",
  "twemoji-parser": "LICENSE.md",
  "twitter-text": "LICENSE",
};

const check = process.argv.includes("--check");
const scratch = mkdtempSync(join(tmpdir(), "desk-vendor-"));
try {
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(here, name), join(scratch, name));
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: scratch, stdio: "inherit" });
  const esbuild = createRequire(join(scratch, "package.json"))("esbuild");
  const sums = [];
  for (const { file, packages, source } of MODULES) {
    const built = await esbuild.build({
      stdin: { contents: source, resolveDir: scratch },
      bundle: true,
      format: "esm",
      minify: true,
      target: "es2022",
      charset: "utf8",
      legalComments: "none",
      plugins: [withoutPolyfills],
      banner: { js: `/* ${packages.map((name) => `${name} ${versions[name]}`).join(", ")}; licences beside this file */` },
      write: false,
    });
    const bytes = built.outputFiles[0].contents;
    sums.push(`${createHash("sha256").update(bytes).digest("hex")}  ${file}`);
    if (!check) writeFileSync(join(here, file), bytes);
  }
  const text = `${sums.join("\n")}\n`;
  if (check) {
    if (text !== readFileSync(join(here, "SHA256SUMS"), "utf8")) throw new Error(`SHA256SUMS differs from:\n${text}`);
  } else {
    writeFileSync(join(here, "SHA256SUMS"), text);
    mkdirSync(join(here, "licences"), { recursive: true });
    for (const [name, file] of Object.entries(LICENCES)) {
      const target = `${name.replace("@", "").replace("/", "-")}.txt`;
      copyFileSync(join(scratch, "node_modules", name, file), join(here, "licences", target));
    }
  }
  process.stdout.write(text);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
