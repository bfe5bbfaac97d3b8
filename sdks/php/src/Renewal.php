<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Internal\Clock;

/** Who renews what a program holds. */
enum Renewal
{
    /**
     * A child process, whatever the program is doing. Needs the extensions pcntl and posix, and the command line: the workers of a web
     * server must not fork.
     */
    case Background;

    /**
     * The program itself, by calling `Lock::keepAlive()` and `Session::keepAlive()` more often than every third of the TTL. A lock or
     * session that is not renewed for a whole TTL is lost, and its handle says so.
     */
    case Cooperative;

    /** Whether this process may fork renewers. */
    public static function isBackgroundPossible(): bool
    {
        // In another process, the clock of a test would stand still.
        return Clock::ofTest() === null
            && in_array(PHP_SAPI, ['cli', 'phpdbg', 'micro'], true)
            && function_exists('pcntl_fork')
            && function_exists('pcntl_waitpid')
            && function_exists('posix_kill')
            && function_exists('posix_getppid');
    }

    /** `Background` where that is possible. */
    public static function default(): self
    {
        return self::isBackgroundPossible() ? self::Background : self::Cooperative;
    }
}
