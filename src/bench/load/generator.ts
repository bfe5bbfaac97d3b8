import { WORKLOADS } from '../workloads/catalogue.js';
import { generateLoad } from './generate.js';

void generateLoad(WORKLOADS);
