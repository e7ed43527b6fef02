import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
} from 'class-validator';
import { STRATEGIES, type Strategy } from './coordination.js';

export class CreateCoordinationDto {
  @IsOptional()
  @IsIn(STRATEGIES)
  readonly strategy?: Strategy;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique()
  @IsString({ each: true })
  readonly instance_ids!: string[];

  @IsString()
  @Length(1, 4_000)
  readonly task!: string;
}
