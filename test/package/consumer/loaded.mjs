// Prints what importing the package loads: names of packages, and of the package's own files.
import { registerHooks } from 'node:module';

const loaded = new Set();
registerHooks({
  load(url, context, nextLoad) {
    const [, name, file] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(url) ?? [];
    if (name) loaded.add(name === 'nestjs-log-stream' ? file : name);
    return nextLoad(url, context);
  },
});
await import('nestjs-log-stream');
console.log(JSON.stringify([...loaded].toSorted()));
