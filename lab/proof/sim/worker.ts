import { BUGS } from './bugs/bugs.js';
import { noCounts } from './figures.js';
import { serveJobs } from './serve-jobs.js';
import { simulate } from './simulation.js';

serveJobs({ simulate, bugs: BUGS, noCounts });
