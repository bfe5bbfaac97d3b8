<?php

declare(strict_types=1);

namespace OctoStore\Internal;

/** @internal */
final class Version
{
    /** The version of the package, as in `composer.json`. */
    public const VERSION = '1.0.0';

    public const USER_AGENT = 'octostore-php/' . self::VERSION;
}
