/** Imports one package as an app does that has Nest already: `node --expose-gc import.mjs <name>`. */
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
import 'rxjs';

globalThis.gc();
const before = process.memoryUsage().heapUsed;
const started = performance.now();
await import(process.argv[2]);
const ms = performance.now() - started;
globalThis.gc();
console.log(JSON.stringify({ ms, heap: process.memoryUsage().heapUsed - before }));
