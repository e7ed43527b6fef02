import { Injectable } from '@nestjs/common';
import { AuditLogger, InjectAuditLogger } from 'nestjs-log-stream';
import { randomUUID } from 'node:crypto';
import { InstancesService } from '../instances/instances.service.js';
import { type Message, type TurnResult } from './message.js';
import { TurnRunner } from './turn-runner.js';

export interface SentMessage {
  readonly message: Message;
  /** Never rejects. */
  readonly result: Promise<TurnResult>;
}

/** Delivers messages. An instance takes one turn at a time; further messages wait for theirs. */
@Injectable()
export class MessagesService {
  private readonly latest = new Map<string, Promise<TurnResult>>();

  constructor(
    @InjectAuditLogger('message') private readonly audit: AuditLogger,
    private readonly instances: InstancesService,
    private readonly turns: TurnRunner,
  ) {}

  /** @throws NotFoundException when there is no such instance */
  send(instanceId: string, content: string): SentMessage {
    const instance = this.instances.find(instanceId);
    const message: Message = { id: randomUUID().slice(0, 8), instance_id: instanceId, content };
    void this.audit.log(`Message sent to ${instance.name}`, {
      action: 'message_sent',
      // Who said how much, not what: an audit trail is no place for content that may be private.
      metadata: { message_id: message.id, instance_id: instanceId, characters: content.length },
    });
    return { message, result: this.enqueue(message) };
  }

  private enqueue(message: Message): Promise<TurnResult> {
    const { instance_id: id } = message;
    const previous = this.latest.get(id) ?? Promise.resolve();
    const turn = previous
      .then(() => this.turns.run(message))
      .finally(() => {
        if (this.latest.get(id) === turn) this.latest.delete(id);
      });
    this.latest.set(id, turn);
    return turn;
  }
}
