"""Pages that each have one fault, and a word of the complaint that it must bring: the checks are tested by them."""


def page(body, head="<title>T</title>", lang="en"):
    return (
        f"<!DOCTYPE html><html lang='{lang}'><meta charset=utf-8><meta name=viewport content='width=device-width'>{head}"
        f"<style>body{{margin:0;background:#fff;color:#000}}</style><body><h1>One</h1>{body}</body></html>")


DRAWING = (
    "<svg role=img aria-labelledby=t width=100 height=100 viewBox='0 0 100 100'><title id=t>Name</title>{}</svg>")

GOOD = page("<h2>Two</h2>" + DRAWING.format("<text x=10 y=50>abc</text>") + "<a href='#n'>to</a><p id=n>n</p>")

BROKEN = [
    ("a script from the certificate ran", page("<script>globalThis.injected=1</script>")),
    ("an element that no report has", page("<img alt='' src='data:,'>")),
    ("an event handler", page("<p onclick='f()'>p</p>")),
    ("none of http or this page", page("<a href='javascript:1'>p</a>")),
    ("a link to nowhere", page("<a href='#gone'>p</a>")),
    ("nobody sees", page("<p>a\u202eb</p>")),
    ("no title", page("", head="")),
    ("no language", page("", lang="")),
    ("the page scrolls sideways", page("<div style='width:3000px'>wide</div>")),
    ("the id a twice", page("<p id=a>1</p><p id=a>2</p>")),
    ("not one first heading", page("<h1>Two</h1>")),
    ("a heading of level 3 after one of 1", page("<h3>Three</h3>")),
    ("without a caption", page("<table><tr><td>1</table>")),
    ("a head without a scope", page("<table><caption>c</caption><tr><th>1</table>")),
    ("a drawing without a name", page("<svg role=img width=9 height=9 viewBox='0 0 9 9'></svg>")),
    ("links inside an image", page(DRAWING.format("<a href='#t'><text x=10 y=50>abc</text></a>"))),
    ("in a drawing", page(DRAWING.format("<text x=10 y=50 style='font-size:5px'>abc</text>"))),
    ("beyond the edge", page(DRAWING.format("<rect x=150 y=0 width=50 height=5 />"))),
    ("that no key reaches", page("<div class=scroll>p</div>")),
    ("contrast", page("<p style='color:#999'>p</p>")),
    ("no Tab reaches", page("<details open><summary tabindex=-1>s</summary></details>")),
    ("no outline", page("<a href='#b' style='outline:none'>p</a><p id=b>p</p>")),
    ("without a name", page("<a href='#a'></a><p id=a>p</p>")),
    ("console", page("<script>console.error('x')</script>")),
    ("exception", page("<script>f()</script>")),
    ("request", page("<link rel=stylesheet href='file:///nowhere.css'>")),
    ("request", page("<p style=\"background:url('http://127.0.0.1:9/x')\">p</p>")),
    ("dialog", page("<script>alert(1)</script>")),
    ("does not open", page("<details><summary>s</summary><p>p</p></details><a href='#case-1'>c</a>"
                           "<div id=case-1 hidden>c</div>")),
]
