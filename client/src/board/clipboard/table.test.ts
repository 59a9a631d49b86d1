import { describe, expect, it } from 'vitest';
import { commaTable, htmlTable, htmlWords, tabTable } from './table';

describe('HTML', () => {
  it('reads a table as a spreadsheet writes it', () => {
    const html = `<meta charset="utf-8"><style>td {color: red}</style><table border=1><colgroup><col></colgroup><tbody>
      <tr height=20><td style="a>b">Who</td><td>What</td></tr>
      <tr><td>Ana &amp; Rhys</td><td>Tea<br>and&nbsp;cake</td></tr></tbody></table>`;
    // A ">" within an attribute ends the tag early, as in every simple reader; what matters is that nothing breaks.
    const table = htmlTable(html);
    expect(table?.rows.at(-1)).toEqual(['Ana & Rhys', 'Tea\nand cake']);
    expect(table?.hasHead).toBe(true);
  });

  it('takes cells whose ends were left out, and makes rows even', () => {
    expect(htmlTable('<table><tr><th>a<th>b<tr><td>c</table>')?.rows).toEqual([['a', 'b'], ['c', '']]);
  });

  it('is not misled by one cell, by none, or by words', () => {
    expect(htmlTable('<table><tr><td>alone</td></tr></table>')).toBeNull();
    expect(htmlTable('<table></table>')).toBeNull();
    expect(htmlTable('<p>no table</p>')).toBeNull();
  });

  it('gives words only, whatever they pretend to be', () => {
    expect(htmlWords('<p>one</p><ul><li>two<li>three</ul><script>alert(1)</script>')).toBe('one\ntwothree');
    expect(htmlWords('&lt;b&gt; &#x1F33B; &#9731; &#xD800; &bogus;')).toBe('<b> 🌻 ☃ &#xD800; &bogus;');
    expect(htmlWords('a <!-- <b>x</b> --> c')).toBe('a c');
  });
});

describe('separated words', () => {
  it('reads tabs, with quotes and newlines in cells', () => {
    expect(tabTable('Who\tWhat\nAna\t"Tea\nand ""cake"""\n')?.rows).toEqual([['Who', 'What'], ['Ana', 'Tea\nand "cake"']]);
    expect(tabTable('one\ttwo')).toEqual({ rows: [['one', 'two']], hasHead: false });
  });

  it('leaves words with a stray tab as words', () => {
    expect(tabTable('one\ttwo\nthree')).toBeNull();
    expect(tabTable('no tab')).toBeNull();
    expect(tabTable('a\t"never ends')).toBeNull();
  });

  it('reads commas and semicolons as a table only if they are one', () => {
    expect(commaTable('a,b\nc,d')?.rows).toEqual([['a', 'b'], ['c', 'd']]);
    expect(commaTable('name;when\n"Ana; Rhys";noon')?.rows).toEqual([['name', 'when'], ['Ana; Rhys', 'noon']]);
    expect(commaTable('First, we eat\nThen, we talk')).toBeNull();
    expect(commaTable('one, two')).toBeNull();
    expect(commaTable('a,b\nc')).toBeNull();
  });
});
