import { IsString, Length } from 'class-validator';

export class SendMessageDto {
  @IsString()
  @Length(1, 4_000)
  readonly content!: string;
}
