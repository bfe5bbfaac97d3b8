<?php

declare(strict_types=1);

namespace OctoStore\Internal;

/** @internal */
final class Nothing
{
    /** Reads a response without a body. */
    public static function read(string $text): null
    {
        return $text === '' ? null : throw new \UnexpectedValueException('an answer that should be empty');
    }
}
