#!/usr/bin/env python3
"""Opens reports in a real headless Chromium and fails on whatever is wrong with them.

    python3 Tests/ReportTests/check.py --rsd .build/release/rsd [--certificate certificate.json]

Looked at are the report of the quick certificate (or of the one given), and those of hostile certificates made from it; at
400 and 1400 pixels, light and dark. First the checks themselves are tried on pages that are broken on purpose.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import broken_pages
import devtools
import hostile

FOLDER = pathlib.Path(__file__).resolve().parent
CHECKS = (FOLDER / "page_checks.js").read_text()
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
VIEWS = [(width, scheme) for width in (400, 1400) for scheme in ("light", "dark")]
# What a screen reader announces must have a name.
NAMED_ROLES = {"image", "img", "link", "region", "table", "button", "navigation", "DisclosureTriangle"}
MOST_BYTES = 1_500_000

OPEN_ALL = "document.querySelectorAll('details').forEach((part) => { part.open = true; }); 0"
# The elements that a key must reach, numbered.
INTERACTIVE = """(() => {
  globalThis.reached = new Set();
  globalThis.wanted = [...document.querySelectorAll('a[href], summary, button, input, select, [tabindex="0"]')]
    .filter((element) => element.checkVisibility({visibilityProperty: true}));
  document.activeElement?.blur();
  return globalThis.wanted.length;
})()"""
FOCUSED = """(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return '';
  globalThis.reached.add(element);
  const style = getComputedStyle(element);
  const hasOutline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  return hasOutline ? '' : `no outline on the focused <${element.localName}> ${element.textContent.slice(0, 30)}`;
})()"""
UNREACHED = """globalThis.wanted.filter((element) => !globalThis.reached.has(element))
  .slice(0, 5).map((element) => `no Tab reaches <${element.localName}> ${element.textContent.trim().slice(0, 40)}`)"""
# A link to a part that is folded away must unfold it.
UNFOLDS = """(async () => {
  const links = [...document.querySelectorAll('a[href^="#case-"], a[href^="#defect-"]')];
  const found = [];
  for (const link of [links[0], links[links.length - 1]].filter(Boolean)) {
    document.querySelectorAll('details').forEach((part) => { part.open = false; });
    link.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
    await new Promise((done) => setTimeout(done, 50));
    const part = document.querySelector(link.getAttribute('href'));
    if (!part?.checkVisibility()) found.push(`${link.getAttribute('href')} does not open`);
  }
  return found;
})()"""


class Checker:
    """A browser that opens pages and lists what is wrong with them."""

    def __init__(self, browser):
        self.browser = browser
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            browser.call(f"{domain}.enable")

    def faults(self, path, width, scheme, *, keys=True, bypass=False):
        browser = self.browser
        # With the page's policy out of the way, a script that got in would run.
        browser.call("Page.setBypassCSP", enabled=bypass)
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, screenWidth=width, screenHeight=900,
            deviceScaleFactor=1, mobile=width < 600)
        address = path.as_uri()
        browser.open(address)
        found = browser.evaluate(CHECKS)
        found += self.events(browser.seen, address)
        if keys:
            found += self.nameless()
            found += browser.evaluate(UNFOLDS)
            browser.evaluate(OPEN_ALL)
            found += browser.evaluate(CHECKS)
            found += self.unreached()
            found += self.events(browser.seen, address)
        return list(dict.fromkeys(found))

    @staticmethod
    def events(events, address):
        found = []
        for event in events:
            method, details = event["method"], event["params"]
            if method == "Runtime.consoleAPICalled":
                found.append(f"console: {json.dumps(details['args'])[:200]}")
            elif method == "Runtime.exceptionThrown":
                found.append(f"exception: {json.dumps(details['exceptionDetails'])[:200]}")
            elif method == "Log.entryAdded":
                found.append(f"console: {details['entry']['text'][:200]}")
            elif method == "Page.javascriptDialogOpening":
                found.append(f"dialog: {details['message'][:80]}")
            elif method == "Network.requestWillBeSent" and details["request"]["url"].split("#")[0] != address:
                found.append(f"request of {details['request']['url'][:120]}")
        return found

    def nameless(self):
        nodes = self.browser.call("Accessibility.getFullAXTree")["nodes"]
        found = []
        for node in nodes:
            role = node.get("role", {}).get("value")
            if not node.get("ignored") and role in NAMED_ROLES and not node.get("name", {}).get("value"):
                found.append(f"{role} without a name")
        return found

    def unreached(self):
        browser = self.browser
        wanted = browser.evaluate(INTERACTIVE)
        found = []
        key = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
        # Some boxes scroll and are reached too without being asked for.
        for _ in range(2 * wanted + 10):
            browser.call("Input.dispatchKeyEvent", type="keyDown", **key)
            browser.call("Input.dispatchKeyEvent", type="keyUp", **key)
            if fault := browser.evaluate(FOCUSED):
                found.append(fault)
            if browser.evaluate("globalThis.wanted.every((element) => globalThis.reached.has(element))"):
                break
        return found[:5] + browser.evaluate(UNREACHED)


class Run:
    """All pages of one run, and what was found."""

    def __init__(self, rsd, folder, checker):
        self.rsd, self.folder, self.checker = rsd, folder, checker
        self.failures = []
        self.looked = 0

    def fail(self, place, fault):
        self.failures.append(place)
        print(f"report-test: {place}: {fault}", file=sys.stderr)

    def report(self, name, certificate, statuses):
        """Writes the report of a certificate; the program must end with one of the statuses, and with no word of error."""
        source, page = self.folder / f"{name}.json", self.folder / f"{name}.html"
        source.write_text(json.dumps(certificate))
        ended = subprocess.run(
            [self.rsd, "report", str(source), "--output", str(page)], capture_output=True, text=True, check=False)
        if ended.returncode not in statuses or ended.stderr:
            self.fail(name, f"rsd report ended with {ended.returncode}: {ended.stderr.strip()[:300]}")
            return None
        if page.stat().st_size > MOST_BYTES:
            self.fail(name, f"the page has {page.stat().st_size} bytes, more than {MOST_BYTES}")
        return page

    def look(self, name, page, views=tuple(VIEWS), **options):
        for width, scheme in views if page else ():
            self.looked += 1
            for fault in self.checker.faults(page, width, scheme, **options):
                self.fail(f"{name}, {width} px, {scheme}", fault)

    def try_checks(self):
        """Each broken page must bring its complaint, and the good one none."""
        for index, (words, text) in enumerate([("", broken_pages.GOOD)] + broken_pages.BROKEN):
            page = self.folder / f"broken-{index}.html"
            page.write_text(text)
            found = self.checker.faults(page, 400, "light", keys=words != "dialog")
            if words and not any(words in fault for fault in found):
                self.fail(f"the check of \"{words}\"", f"does not see it; found {found}")
            if not words and found:
                self.fail("the page without fault", f"{found}")


def port_certificate(rsd, folder, name, defect):
    """A certificate of the program itself as a port, right or wrong."""
    path = folder / f"{name}.json"
    command = " ".join([str(pathlib.Path(rsd).resolve()), "port", *defect])
    subprocess.run(
        [rsd, "certify", "--port", command, "--quick", "--rule", "rsd-c", "--rule", "spectr", "--output", str(path)],
        check=not defect, stdout=subprocess.DEVNULL)
    return json.loads(path.read_text())


def main():
    parser = argparse.ArgumentParser(description="Checks reports in a headless Chromium.")
    parser.add_argument("--rsd", default=".build/release/rsd")
    parser.add_argument("--certificate", help="by default a quick one is made")
    parser.add_argument("--keep", help="keep the pages in this folder")
    options = parser.parse_args()
    program = next((path for path in map(shutil.which, NAMES) if path), None)
    if not program:
        sys.exit("report-test: no Chromium was found; run .ci/setup-chromium")
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch, devtools.Browser(program) as browser:
        folder = pathlib.Path(options.keep or scratch).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        path = options.certificate
        if not path:
            path = folder / "quick.json"
            subprocess.run(
                [options.rsd, "certify", "--quick", "--output", str(path)], check=True, stdout=subprocess.DEVNULL)
        certificate = json.loads(pathlib.Path(path).read_text())
        run = Run(options.rsd, folder, Checker(browser))
        run.try_checks()
        run.look("good", run.report("good", certificate, {0, 1, 2}))
        run.look("whole", run.report("whole", hostile.whole(certificate), {1}))
        run.look("huge", run.report("huge", hostile.huge(certificate), {1}))
        for turn in range(len(hostile.ATTACKS)):
            page = run.report(f"hostile-{turn}", hostile.attacked(certificate, turn), {1})
            run.look(f"hostile-{turn}", page, views=VIEWS if turn == 0 else VIEWS[:1], keys=turn == 0)
            run.look(f"hostile-{turn} without its policy", page, views=VIEWS[:1], keys=False, bypass=True)
        good = port_certificate(options.rsd, folder, "port", [])
        wrong = port_certificate(options.rsd, folder, "wrong-port", ["--defect", "residual-from-target"])
        run.look("port", run.report("port", good, {0}))
        run.look("wrong port", run.report("wrong-port", wrong, {1}))
        for turn in range(len(hostile.ATTACKS)):
            page = run.report(f"hostile-port-{turn}", hostile.attacked_port(wrong, turn), {1})
            run.look(f"hostile port {turn}", page, views=VIEWS if turn == 0 else VIEWS[:1], keys=turn == 0)
            run.look(f"hostile port {turn} without its policy", page, views=VIEWS[:1], keys=False, bypass=True)
    if run.failures:
        sys.exit(f"report-test: {len(run.failures)} faults in {run.looked} views")
    print(
        f"report-test: {run.looked} views without fault, {len(broken_pages.BROKEN)} broken pages refused, "
        f"{time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    try:
        main()
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"report-test: {error}")
