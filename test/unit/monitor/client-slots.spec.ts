import { EventEmitter } from 'node:events';
import { type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ClientSlots } from '../../../src/monitor/access/client-slots.js';
import { networkOf } from '../../../src/monitor/access/network.js';

const aSocket = (remoteAddress = '192.0.2.1'): Socket =>
  Object.assign(new EventEmitter(), { remoteAddress, destroyed: false }) as unknown as Socket;

describe('the slots of clients', () => {
  it('are as many as the limits say, for all and for each address', () => {
    const slots = new ClientSlots({ clients: 3, clientsPerAddress: 2 });
    const first = aSocket();
    expect(slots.take(first)).toBeUndefined();
    expect(slots.take(aSocket())).toBeUndefined();
    expect(slots.take(aSocket())).toBe('address');
    expect(slots.take(aSocket('192.0.2.2'))).toBeUndefined();
    expect(slots.take(aSocket('192.0.2.3'))).toBe('clients');
    first.emit('close');
    expect(slots.take(aSocket('192.0.2.3'))).toBeUndefined();
  });

  it('count a socket once, however often it asks, and listen to it once', () => {
    const slots = new ClientSlots({ clients: 1, clientsPerAddress: 1 });
    const socket = aSocket();
    for (let i = 0; i < 20; i++) {
      expect(slots.take(socket)).toBeUndefined();
      slots.decided(socket, false);
    }
    expect(socket.listenerCount('close')).toBe(1);
    const other = aSocket();
    expect(slots.take(other)).toBeUndefined();
    other.emit('close');
    for (let i = 0; i < 20; i++) {
      expect(slots.take(socket)).toBeUndefined();
      slots.decided(socket, true);
    }
    expect(slots.take(aSocket())).toBe('address');
  });

  it('count as many as wait on a socket for a decision', () => {
    const slots = new ClientSlots({ clients: 5, clientsPerAddress: 3 });
    const [socket, other] = [aSocket(), aSocket()];
    expect([1, 2, 3, 4].map(() => slots.take(socket))).toEqual([undefined, undefined, undefined, 'address']);
    expect(slots.take(other)).toBe('address');
    slots.decided(socket, true);
    slots.decided(socket, false);
    // One that was let in, about whom one more question waits, and room for two.
    expect([other, other, aSocket()].map((one) => slots.take(one))).toEqual([
      undefined,
      undefined,
      'address',
    ]);
    slots.decided(socket, true);
    expect(slots.take(socket)).toBeUndefined();
    other.emit('close');
    slots.decided(other, true);
    slots.decided(socket, false);
    expect([aSocket(), aSocket(), aSocket()].map((one) => slots.take(one))).toEqual([
      undefined,
      undefined,
      'address',
    ]);
  });

  it('are not kept by a socket that is gone', () => {
    const slots = new ClientSlots({ clients: 1, clientsPerAddress: 1 });
    slots.take(Object.assign(aSocket(), { destroyed: true }));
    expect(slots.take(aSocket())).toBeUndefined();
  });
});

describe('what counts as one address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    [undefined, 'unknown'],
  ])('%s: %s', (address, network) => expect(networkOf(address)).toBe(network));
});
