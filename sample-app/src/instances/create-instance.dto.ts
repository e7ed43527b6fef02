import { IsOptional, IsString, Length } from 'class-validator';

export class CreateInstanceDto {
  @IsString()
  @Length(1, 64)
  readonly name!: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly role?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly model?: string;
}
