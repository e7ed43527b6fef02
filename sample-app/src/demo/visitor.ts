import { setTimeout as pause } from 'node:timers/promises';

interface Created {
  readonly id: string;
}

/** Uses the app over HTTP as a person would, at a pace that can be followed. */
export class Visitor {
  constructor(
    private readonly url: string,
    private readonly note: (line: string) => void,
  ) {}

  /** Ends early, and quietly, when the signal says so. */
  async visit(signal: AbortSignal): Promise<void> {
    try {
      const { id: first } = await this.send('POST', '/instances', { name: 'researcher', role: 'researcher' });
      await pause(1_000, undefined, { signal });
      const { id: second } = await this.send('POST', '/instances', { name: 'writer', model: 'large' });
      await pause(1_000, undefined, { signal });
      await this.send('POST', `/instances/${first}/messages`, { content: 'What is new in Nest 12?' });
      await pause(1_500, undefined, { signal });
      await this.send('POST', '/coordinations', { instance_ids: [first, second], task: 'Compare notes' });
      await pause(3_500, undefined, { signal });
      await this.send('POST', `/instances/${first}/messages`, { content: '/hang' });
      await pause(1_000, undefined, { signal });
      await this.send('POST', `/instances/${second}/messages`, { content: '/fail' });
      await pause(2_500, undefined, { signal });
      await this.send('DELETE', '/instances/unknown');
      await pause(1_500, undefined, { signal });
      await this.send('POST', '/instances', { name: '' });
      await pause(4_500, undefined, { signal });
      await this.send('DELETE', `/instances/${second}`);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private async send(method: string, path: string, body?: object): Promise<Created> {
    const json = body && JSON.stringify(body);
    this.note(['>', method, path, json].filter(Boolean).join(' '));
    const response = await fetch(this.url + path, {
      method,
      ...(json && { body: json, headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) this.note(`< ${response.status} ${response.statusText}`);
    return (await response.json()) as Created;
  }
}
