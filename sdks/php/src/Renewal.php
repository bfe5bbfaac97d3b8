<?php

declare(strict_types=1);

namespace OctoStore;

/** Who renews what a program holds. */
enum Renewal
{
    /**
     * A child process, whatever the program is doing. Needs the extensions pcntl and posix, and the command line: a web
     * server's workers must not be forked.
     */
    case Background;

    /**
     * The program itself, in its calls of `Lock::keepAlive()` and `Session::keepAlive()`, which it must make more often than
     * each third of the TTL. What is not renewed for a whole TTL is lost, and the handle says so.
     */
    case Cooperative;

    /** Whether this process may fork renewers. */
    public static function isBackgroundPossible(): bool
    {
        return in_array(PHP_SAPI, ['cli', 'phpdbg', 'micro'], true)
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
