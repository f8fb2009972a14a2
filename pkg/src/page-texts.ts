// The text of the pages in view for screen readers: a heading a page, and its lines. Not to be seen.

/** A page's number and its lines, in reading order. */
type Lines = { number: number; lines: readonly string[] };

export class PageTexts {
  readonly element = document.createElement('div');
  #pages: readonly Lines[] = [];
  #name: (page: number) => string = String;

  constructor() {
    this.element.className = 'texts';
  }

  /** What a page is called. */
  label(name: (page: number) => string): void {
    this.#name = name;
    this.update(this.#pages);
  }

  /** Shows these pages; those that stay are left as they are, and with them the place of who reads there. */
  update(pages: readonly Lines[]): void {
    this.#pages = pages;
    const kept = new Map(
      [...this.element.children].map((section) => [
        (section as HTMLElement).dataset['key'],
        section,
      ]),
    );
    const sections = pages.map((page) => {
      const name = this.#name(page.number);
      const key = `${name}\n${page.lines.join('\n')}`;
      return kept.get(key) ?? sectionOf(name, page.lines, key);
    });
    if (sections.some((section, at) => this.element.children[at] !== section)) {
      this.element.replaceChildren(...sections);
    } else while (this.element.children.length > sections.length) this.element.lastChild?.remove();
  }
}

function sectionOf(name: string, lines: readonly string[], key: string): HTMLElement {
  const section = document.createElement('section');
  section.dataset['key'] = key;
  const heading = document.createElement('h2');
  heading.textContent = name;
  section.append(heading, ...lines.map(paragraph));
  return section;
}

function paragraph(line: string): HTMLElement {
  const element = document.createElement('p');
  element.textContent = line;
  return element;
}
