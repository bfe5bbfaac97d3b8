import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { SERIES, SERIES_NAMES, type SeriesName } from './series.js';

/** In JSON Schema, a number or null. The types of the decorator know only one type. */
const VALUES = {
  type: 'array',
  items: { type: ['number', 'null'] },
  required: true,
} as unknown as ApiPropertyOptions;

/** Documents a property for each series. */
function ApiSeries(): ClassDecorator {
  return ({ prototype }) => {
    for (const name of SERIES_NAMES)
      ApiProperty({ ...VALUES, description: SERIES[name] })(prototype as object, name);
  };
}

const SeriesValues = Object as unknown as new () => Record<SeriesName, (number | null)[]>;

/** The values of each series. A class, because of a property with a mapped type the API document would say that it allows anything. */
@ApiSeries()
export class ChartSeries extends SeriesValues {}

export class ChartsBody {
  @ApiProperty({
    description:
      'The server that these are about, which is the one that leads: where the other servers reach it. Null with SQLite.',
    type: 'string',
    nullable: true,
    example: 'http://10.0.0.5:3000',
  })
  replica!: string | null;

  @ApiProperty({ description: 'The number of its term.', type: 'integer', example: 7 })
  term!: number;

  @ApiProperty({ description: 'Seconds between two samples.', type: 'integer', example: 10 })
  interval_seconds!: number;

  @ApiProperty({
    description: 'When each sample was taken, in seconds since 1970, the oldest first.',
    type: [Number],
    example: [1_764_534_000, 1_764_534_010],
  })
  times!: number[];

  @ApiProperty({
    description:
      'A value for each time. Null if there was nothing to measure, such as the duration of commits if there were none.',
    type: ChartSeries,
  })
  series!: ChartSeries;
}
