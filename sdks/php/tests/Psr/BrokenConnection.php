<?php

declare(strict_types=1);

namespace OctoStore\Tests\Psr;

use Psr\Http\Client\ClientExceptionInterface;

/** What a PSR-18 client throws without a response. */
final class BrokenConnection extends \RuntimeException implements ClientExceptionInterface
{
}
