import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Server } from 'node:http';
import { rememberPeer } from '../describe/peer.js';
import { readPath } from '../describe/read-path.js';

/**
 * Has the peer of every request remembered before middleware can wait: a client that leaves in the meantime would have
 * no address in the record of what it has set off.
 */
@Injectable()
export class AuditPeers implements OnModuleInit, OnApplicationShutdown {
  private server: Server | undefined;

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const server: unknown = readPath(this.host, 'httpAdapter', 'httpServer');
    if (typeof readPath(server, 'prependListener') !== 'function') return;
    this.server = server as Server;
    this.server.prependListener('request', rememberPeer);
  }

  onApplicationShutdown(): void {
    this.server?.removeListener('request', rememberPeer);
  }
}
