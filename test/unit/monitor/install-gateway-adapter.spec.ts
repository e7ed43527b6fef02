import { WebSocketGateway } from '@nestjs/websockets';
import { describe, expect, it } from 'vitest';
import { GATEWAY_METADATA } from '../../../src/monitor/install-gateway-adapter.js';

describe('the metadata key by which gateways are found', () => {
  it('is the one that @WebSocketGateway writes', () => {
    @WebSocketGateway()
    class Gateway {}
    expect(Reflect.getMetadata(GATEWAY_METADATA, Gateway)).toBe(true);
  });

  it('is not on a class that is no gateway', () => {
    class Plain {}
    expect(Reflect.hasMetadata(GATEWAY_METADATA, Plain)).toBe(false);
  });
});
