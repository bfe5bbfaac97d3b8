<?php

declare(strict_types=1);

namespace OctoStore\Tests\Psr;

use Psr\Http\Message\StreamInterface;

/** A body. */
final readonly class Text implements StreamInterface
{
    public function __construct(private string $text)
    {
    }

    public function __toString(): string
    {
        return $this->text;
    }
}
