<?php

declare(strict_types=1);

namespace OctoStore\Internal\Calls;

/**
 * Whether an attempt may have taken effect without our knowing.
 *
 * @internal
 */
final class Outcome
{
    public bool $isUnknown = false;
}
