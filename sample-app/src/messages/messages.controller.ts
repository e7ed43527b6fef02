import { Body, Controller, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { type Message } from './message.js';
import { MessagesService } from './messages.service.js';
import { SendMessageDto } from './send-message.dto.js';

@Controller('instances/:id/messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  /** Accepts the message; the instance works on it in its own time. */
  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  send(@Param('id') instanceId: string, @Body() body: SendMessageDto): Message {
    return this.messages.send(instanceId, body.content).message;
  }
}
