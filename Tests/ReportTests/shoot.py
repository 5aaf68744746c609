"""Photographs a page: python3 shoot.py PAGE OUT.png [--width 1400] [--dark] [--whole] [--print OUT.pdf]."""

import argparse
import base64
import pathlib

import devtools

parser = argparse.ArgumentParser(description="Photographs a page in a headless Chromium.")
parser.add_argument("page")
parser.add_argument("picture")
parser.add_argument("--width", type=int, default=1400)
parser.add_argument("--height", type=int, default=1000)
parser.add_argument("--from", dest="top", type=int, default=0, help="the first row of pixels")
parser.add_argument("--dark", action="store_true")
parser.add_argument("--program", default="chromium")
options = parser.parse_args()

with devtools.Browser(options.program) as browser:
    browser.call("Page.enable")
    browser.call(
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-color-scheme", "value": "dark" if options.dark else "light"}])
    browser.call(
        "Emulation.setDeviceMetricsOverride", width=options.width, height=options.height, deviceScaleFactor=1,
        mobile=options.width < 600)
    browser.open(pathlib.Path(options.page).resolve().as_uri())
    if options.picture.endswith(".pdf"):
        data = browser.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]
    else:
        clip = {"x": 0, "y": options.top, "width": options.width, "height": options.height, "scale": 1}
        data = browser.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"]
    pathlib.Path(options.picture).write_bytes(base64.b64decode(data))
