<?php

/**
 * The driver of the PHP SDK: requests from standard input to the SDK, what comes of them to standard output. It decides nothing.
 *
 * PHP does one thing at a time, and a driver must not. So this process only reads requests and passes them on: each runs in a fork of
 * its own, and what lasts - a lock, a session with its locks, a watch, an election - lives in the fork that made it, which later
 * requests for it are sent to. All of them write their answers by themselves.
 */

declare(strict_types=1);

use OctoStore\Conformance\Router;

require __DIR__ . '/../autoload-dev.php';

// A group of its own, so that everything that was started can be ended together.
posix_setpgid(0, 0);
(new Router())->run();
posix_kill(0, SIGKILL);
