// Renders every Mermaid block of the Markdown files in headless Chromium, and keeps the pictures.
// Usage: node mermaid.mjs ROOT OUTPUT_FOLDER CHROMIUM      Prints one line per block.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const [root, output, executablePath] = process.argv.slice(2);
mkdirSync(output, { recursive: true });
const files = readdirSync(root, { recursive: true })
  .filter((path) => path.endsWith('.md') && !/node_modules|\.aws-sam|(^|\/)dist\//.test(path))
  .map((path) => resolve(root, path));
const script = join(dirname(createRequire(import.meta.url).resolve('mermaid')), 'mermaid.min.js');

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
  for (const file of files) {
    const blocks = [...readFileSync(file, 'utf8').matchAll(/^```mermaid\n(.*?)^```$/gms)];
    for (const [index, [, code]] of blocks.entries()) {
      const title = `${relative(root, file)}: Mermaid block ${index + 1} renders`;
      await page.setContent('<body style="background:white"><div id="picture"></div></body>');
      await page.addScriptTag({ path: script });
      const problem = await page.evaluate(async (source) => {
        mermaid.initialize({ startOnLoad: false });
        try {
          const { svg } = await mermaid.render('block', source);
          document.getElementById('picture').innerHTML = svg;
          return undefined;
        } catch (error) {
          return String(error.message ?? error);
        }
      }, code);
      if (problem === undefined) {
        const picture = `${relative(root, file).replaceAll(/[/.]/g, '-')}-${index + 1}.png`;
        await page.locator('#picture svg').screenshot({ path: join(output, picture) });
        console.log(`ok - ${title}`);
      } else {
        console.log(`not ok - ${title}: ${problem.split('\n')[0]}. Next: mend the block`);
        process.exitCode = 1;
      }
    }
  }
} finally {
  await browser.close();
}
