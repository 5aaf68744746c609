// What is wrong with the page that is open, as a list of sentences; evaluated by check.py in the page itself.
(() => {
  const found = [];
  const say = (text) => found.length < 40 && found.push(text);
  const name = (element) => {
    const text = (element.textContent || '').trim().slice(0, 40);
    return `<${element.localName}${element.id ? '#' + element.id : ''}> "${text}"`;
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isShown = (element) => element.checkVisibility({visibilityProperty: true});

  if (globalThis.injected) say('a script from the certificate ran');
  for (const element of all('script, img, iframe, object, embed, base, form, link, audio, video, foreignObject')) {
    say(`an element that no report has: ${name(element)}`);
  }
  for (const element of all('*')) {
    for (const attribute of element.attributes) {
      if (/^on/i.test(attribute.name)) say(`an event handler: ${attribute.name} of ${name(element)}`);
    }
  }
  for (const element of all('[href]')) {
    const href = element.getAttribute('href');
    if (!/^(https?:\/\/|#)/.test(href)) say(`a link that is none of http or this page: ${href.slice(0, 60)}`);
    if (href.startsWith('#') && !document.getElementById(href.slice(1))) say(`a link to nowhere: ${href}`);
  }
  const seen = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/;
  if (seen.test(document.documentElement.textContent)) say('a character that nobody sees');

  if (!document.title) say('no title');
  if (!document.documentElement.lang) say('no language');
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width || width > screen.width) {
    const wide = all('body *').filter((element) => {
      const box = element.getBoundingClientRect();
      return isShown(element) && box.right > screen.width + 1 && !element.closest('.scroll, pre, .skip');
    });
    say(`the page scrolls sideways: ${document.documentElement.scrollWidth} px of ${screen.width}, by ${wide.map(name)[0]}`);
  }

  const ids = new Set();
  for (const {id} of all('[id]')) {
    if (ids.has(id)) say(`the id ${id} twice`);
    ids.add(id);
  }
  const levels = all('h1, h2, h3, h4, h5, h6').map((heading) => Number(heading.localName[1]));
  if (levels[0] !== 1 || levels.filter((level) => level === 1).length !== 1) say('not one first heading, at the head');
  levels.forEach((level, index) => {
    if (index > 0 && level > levels[index - 1] + 1) say(`a heading of level ${level} after one of ${levels[index - 1]}`);
  });
  for (const table of all('table')) {
    if (!table.caption?.textContent.trim()) say(`a table without a caption: ${name(table)}`);
  }
  for (const head of all('th')) if (!head.scope) say(`a head without a scope: ${name(head)}`);
  for (const drawing of all('svg')) {
    const title = document.getElementById(drawing.getAttribute('aria-labelledby'));
    if (!/^(img|group)$/.test(drawing.getAttribute('role')) || !title?.textContent) say(`a drawing without a name`);
    if (drawing.getAttribute('role') === 'img' && drawing.querySelector('a')) say('links inside an image');
    if (!isShown(drawing)) continue;
    const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
    for (const text of drawing.querySelectorAll('text')) {
      const size = parseFloat(getComputedStyle(text).fontSize) * scale;
      if (size < 9) { say(`letters of ${size.toFixed(1)} px in a drawing: ${name(text)}`); break; }
    }
    for (const shape of drawing.querySelectorAll('path, text, rect, line')) {
      const [box, frame] = [shape.getBoundingClientRect(), drawing.getBoundingClientRect()];
      if (box.left < frame.left - 3 || box.right > frame.right + 3 || box.top < frame.top - 3 || box.bottom > frame.bottom + 3) {
        say(`drawn beyond the edge: ${name(shape)} ${shape.getAttribute('class')}`);
        break;
      }
    }
  }
  for (const box of all('.scroll, pre')) {
    if (!box.hasAttribute('tabindex') || box.getAttribute('role') !== 'region' || !box.getAttribute('aria-label')) {
      say(`a scrolling box that no key reaches: ${name(box)}`);
    }
  }

  // WCAG 2.2, 1.4.3: the contrast of a text with what lies behind it.
  const channels = (color) => (color.match(/[\d.]+/g) || []).map(Number);
  const light = (color) => {
    const [r, g, b] = channels(color).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const pairs = new Map();
  for (const element of all('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!hasText || !isShown(element)) continue;
    const style = getComputedStyle(element);
    const ink = element.localName === 'text' ? style.fill : style.color;
    const pair = `${ink} on ${behind(element)}`;
    if (!pairs.has(pair)) pairs.set(pair, element);
  }
  for (const [pair, element] of pairs) {
    const [ink, sheet] = pair.split(' on ').map(light);
    const contrast = (Math.max(ink, sheet) + 0.05) / (Math.min(ink, sheet) + 0.05);
    if (contrast < 4.5) say(`contrast ${contrast.toFixed(2)} of ${pair}: ${name(element)}`);
  }
  return found;
})()
