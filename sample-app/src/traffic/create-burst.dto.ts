import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** As much as a browser is tried with; a request must not keep the app busy for long. */
export const MOST_RECORDS = 50_000;

export class CreateBurstDto {
  /** How many records. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_RECORDS)
  readonly count: number = 2_000;
}
