// Runs `npm ci --ignore-scripts` once for all projects and builds that ask at the same time.
// Usage: node npm-ci.mjs <sha256 of package-lock.json>; working directory: the repository root.
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

const wanted = process.argv[2];
const modules = "node_modules";
const stamp = `${modules}/.gnomon-stamp`;
const hidden = `${modules}/.package-lock.json`;
const lock = "artifacts/npm.lock";
const staleAfterMs = 10 * 60 * 1000;

const installed = () => existsSync(stamp) && readFileSync(stamp, "utf8").trim().toLowerCase() === wanted;
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

// npm's own record of what lies in node_modules, held against the lock file: an install by hand counts.
function matches() {
  if (!existsSync(hidden)) return false;
  const have = JSON.parse(readFileSync(hidden, "utf8")).packages;
  const want = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  return Object.entries(want).every(([path, p]) => path === "" || (have[path] ? have[path].version === p.version : p.optional === true));
}

function acquire() {
  mkdirSync("artifacts", { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch (e) {
      if (e.code !== "EEXIST") throw e;
    }
    // A build that was killed leaves its lock behind.
    try {
      if (Date.now() - statSync(lock).mtimeMs > staleAfterMs) rmSync(lock, { recursive: true, force: true });
    } catch {
      // released between the two calls
    }
    sleep(200);
  }
}

function npm(args, errors) {
  const run = spawnSync("npm", args, { stdio: ["ignore", "ignore", errors], shell: process.platform === "win32" });
  if (run.error) console.error(`npm could not be started: ${run.error.message}`);
  return run.status ?? 1;
}

function install() {
  if (installed()) return 0;
  const linked = existsSync(modules) && lstatSync(modules).isSymbolicLink();
  if (!matches()) {
    if (linked) {
      console.error("node_modules is a link and does not match package-lock.json: run 'npm ci --ignore-scripts' where it points to.");
      return 1;
    }
    // The lock file names optional native packages only for the platforms its registry offered when it was written;
    // `npm ci` refuses such a lock, `npm install --no-save` takes the same versions and integrity hashes from it.
    const code = npm(["ci", "--ignore-scripts"], "ignore") && npm(["install", "--no-save", "--ignore-scripts"], "inherit");
    if (code !== 0) return code;
    if (!matches()) {
      console.error("npm finished, but node_modules does not match package-lock.json.");
      return 1;
    }
  }
  writeFileSync(stamp, `${wanted}\n`);
  return 0;
}

acquire();
let code = 1;
try {
  code = install();
} finally {
  rmSync(lock, { recursive: true, force: true });
}
process.exit(code);
