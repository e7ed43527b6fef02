/** An auditor, in a process that does nothing else. */
import { readAnchors, TrailReader, verifyTrail } from '../../../dist-test/inside.js';
import { answer } from '../remote.mjs';

answer({
  /** @returns entries a second, and by how much the heap grew, in bytes, after collections of garbage */
  async verify({ file }) {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    let peak = before;
    let collecting = 0;
    using reader = TrailReader.open(file);
    const start = performance.now();
    const report = await verifyTrail(reader.evidence(), {
      anchors: readAnchors(`${file}.anchors`),
      onProgress() {
        const paused = performance.now();
        globalThis.gc();
        peak = Math.max(peak, process.memoryUsage().heapUsed);
        collecting += performance.now() - paused;
      },
    });
    const seconds = (performance.now() - start - collecting) / 1000;
    if (report.verdict !== 'ok') throw new Error(`The trail is ${report.verdict}`);
    return {
      perSecond: report.entries / seconds,
      heap: peak - before,
      rss: process.resourceUsage().maxRSS * 1024,
    };
  },
});
